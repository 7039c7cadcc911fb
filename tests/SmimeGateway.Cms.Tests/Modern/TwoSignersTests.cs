using System.Buffers;
using SmimeGateway.TestSupport;
using SmimeGateway.TestSupport.Modern;

namespace SmimeGateway.Cms.Tests.Modern;

/// <summary>Two signatures over one content, each with attributes of its own.</summary>
public sealed class TwoSignersTests
{
    private static readonly System.Security.Cryptography.X509Certificates.X509Certificate2 Alice = TestPki.Issue("alice@example.com");

    public static TheoryData<ModernKind, KeyKind> Pairs => new()
    {
        { ModernKind.MlDsa44, KeyKind.Rsa2048 },
        { ModernKind.MlDsa65, KeyKind.Rsa4096 },
        { ModernKind.MlDsa87, KeyKind.EcP256 },
        { ModernKind.MlDsa65, KeyKind.EcP521 },
    };

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Both_verify_clear_and_opaque_in_any_year(ModernKind second, KeyKind first)
    {
        var certificate = TestPki.Issue("alice@example.com", first);
        using var signer = new Signer(certificate, new SignerOptions { Also = Identities.Get(second).ForCms() });

        foreach (var time in new[] { Some.Time, new DateTimeOffset(2051, 1, 2, 3, 4, 5, TimeSpan.Zero) })
        {
            var detached = signer.SignDetached(Some.ContentSequence, time);
            var opaque = signer.SignEncapsulated(Some.ContentSequence, time).ToArray();

            signer.VerifyOwn(detached, Some.ContentSequence).ShouldBeNull();
            signer.VerifyOwnEncapsulated(opaque, Some.ContentSequence).ShouldBeNull();
            foreach (var read in new[] { Some.Read(detached), Some.Read(opaque) })
            {
                read.Verify(Some.ContentSequence).ShouldBeNull();
                read.Signers.Count.ShouldBe(2);
                read.Signers.Select(info => info.Certificate!.Thumbprint).ShouldBe([certificate.Thumbprint, Identities.Get(second).Certificate.Thumbprint], ignoreOrder: true);
                read.Signers.ShouldAllBe(info => info.SigningTime == time);
            }
        }

        signer.MicAlg.ShouldBe("sha-256,sha-512");
        signer.AlgorithmNames.ShouldBe($"{(first is KeyKind.EcP256 or KeyKind.EcP521 ? "ECDSA" : "RSA PKCS#1 v1.5")} and {ModernIdentity.NameOf(second)}");
    }

    [Fact]
    public void One_digest_for_both_is_named_once()
    {
        using var signer = new Signer(Alice, Pair() with { Digest = System.Security.Cryptography.HashAlgorithmName.SHA512 });

        signer.MicAlg.ShouldBe("sha-512");
        var cms = signer.SignDetached(Some.ContentSequence, Some.Time);
        signer.VerifyOwn(cms, Some.ContentSequence).ShouldBeNull();
    }

    [Fact]
    public async Task OpenSSL_reads_the_object_as_DER_and_two_signatures_in_it()
    {
        using var signer = new Signer(Alice, Pair());
        using var folder = new ScratchFolder();
        var file = folder.Write("both.der", signer.SignDetached(Some.ContentSequence, Some.Time));

        var print = await Tool.MustAsync("openssl", ["cms", "-cmsout", "-print", "-inform", "DER", "-in", file]);
        var again = await Tool.MustAsync("openssl", ["cms", "-cmsout", "-inform", "DER", "-outform", "DER", "-in", file]);

        again.OutputBytes.ShouldBe(await File.ReadAllBytesAsync(file));
        print.Output.Split("signatureAlgorithm:").Length.ShouldBeGreaterThan(2);
    }

    [Fact]
    public void A_changed_octet_of_either_signature_is_noticed_by_the_proof()
    {
        using var signer = new Signer(Alice, Pair());
        var cms = signer.SignDetached(Some.ContentSequence, Some.Time);
        var classical = Some.Read(cms).Signers.Single(info => info.SignatureAlgorithmName.StartsWith("RSA", StringComparison.Ordinal));
        classical.ShouldNotBeNull();

        for (var at = 1; at <= 3300 + 600; at += 97)
        {
            var changed = cms.ToArray();
            changed[^at] ^= 1;
            signer.VerifyOwn(changed, Some.ContentSequence).ShouldNotBeNull($"octet {at} from the end");
        }
    }

    [Fact]
    public void A_signature_that_is_missing_or_there_twice_is_noticed_by_the_proof()
    {
        using var both = new Signer(Alice, Pair());
        using var first = new Signer(Alice, new SignerOptions());
        using var other = new Signer(Alice, new SignerOptions { Also = ModernIdentity.Issue("alice@example.com", ModernKind.MlDsa44).ForCms() });

        both.VerifyOwn(first.SignDetached(Some.ContentSequence, Some.Time), Some.ContentSequence)!.Kind.ShouldBe(CmsFaultKind.NoSigner);
        first.VerifyOwn(both.SignDetached(Some.ContentSequence, Some.Time), Some.ContentSequence)!.Kind.ShouldBe(CmsFaultKind.NoSigner);
        both.VerifyOwn(other.SignDetached(Some.ContentSequence, Some.Time), Some.ContentSequence)!.Kind.ShouldBe(CmsFaultKind.SignerCertificateMissing);
    }

    private static SignerOptions Pair() => new() { Chain = TestPki.Chain, Also = Identities.Get(ModernKind.MlDsa65).ForCms() };
}
