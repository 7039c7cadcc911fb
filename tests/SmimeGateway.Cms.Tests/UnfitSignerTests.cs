using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SmimeGateway.Cms.Algorithms;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Cms.Tests;

/// <summary>A key that is broken may be mended by another copy; what no key of its kind can do never will be.</summary>
public sealed class UnfitSignerTests
{
    [Fact]
    public void What_no_key_of_the_kind_can_do_is_no_fault_of_the_key()
    {
        using var key = RSA.Create(512);
        using var certificate = Certify(key);

        Find(certificate, HashAlgorithmName.SHA512).ShouldBe(CmsFaultKind.SignerKeyUnusable);
        Find(certificate, HashAlgorithmName.SHA256).ShouldBeNull();
    }

    // The system takes no key into memory whose parts contradict each other; one in hardware may still do so.
    [Fact]
    public void A_key_whose_signatures_are_not_good_is_broken()
    {
        using var key = RSA.Create(2048);
        using var other = RSA.Create(2048);
        using var certificate = Certify(key);

        var isFit = Signer.TryCreate(
            new CmsIdentity(certificate), new SignerOptions(), (_, digest, padding) => new RsaSigningKey(other, digest, padding), out var signer, out var fault);

        isFit.ShouldBeFalse();
        signer.ShouldBeNull();
        fault!.Kind.ShouldBe(CmsFaultKind.SignerKeyBroken);
    }

    private static CmsFaultKind? Find(X509Certificate2 certificate, HashAlgorithmName digest)
    {
        var isFit = Signer.TryCreate(certificate, new SignerOptions { Digest = digest }, out var signer, out var fault);
        signer?.Dispose();
        isFit.ShouldBe(fault is null);
        return fault?.Kind;
    }

    private static X509Certificate2 Certify(RSA key) =>
        new CertificateRequest("CN=alice", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(TestPki.NotBefore, TestPki.NotAfter);
}
