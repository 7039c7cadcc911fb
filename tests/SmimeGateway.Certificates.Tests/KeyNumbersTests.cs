using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SmimeGateway.Certificates.Choosing;
using SmimeGateway.Certificates.Trusting;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Certificates.Tests;

/// <summary>RSA keys whose numbers are those of no sound key are refused for everything, with the reason.</summary>
public sealed class KeyNumbersTests
{
    public static TheoryData<string, string?> Exponents { get; } = new()
    {
        { "03", null },
        { "010001", null },
        { "0100000001", null },
        { "00", "its RSA exponent is negative or even" },
        { "01", "its RSA exponent is 1, which encrypts nothing" },
        { "02", "its RSA exponent is negative or even" },
        { "010000", "its RSA exponent is negative or even" },
        { "01" + new string('0', 126) + "01", "its RSA exponent is too long" },
    };

    [Theory]
    [MemberData(nameof(Exponents))]
    public void An_exponent_that_encrypts_nothing_or_cannot_be_undone_is_refused(string exponent, string? fault)
    {
        using var certificate = WithKey(Modulus(KeyKind.Rsa2048), Convert.FromHexString(exponent));

        CertificateTraits.Read(certificate).Fault.ShouldBe(fault);
        var partner = Partner.Of(certificate) with { IsVouchedFor = true };
        var choice = EncryptionChoice.Choose("bob@example.net", [partner], new TrustStore([], []), TestPki.Now);
        choice.Chosen.Count.ShouldBe(fault is null ? 1 : 0);
        choice.Refusals.Select(refusal => refusal.Reason).ShouldBe(fault is null ? [] : [fault]);
    }

    [Fact]
    public void An_even_modulus_is_refused()
    {
        var modulus = Modulus(KeyKind.Rsa2048);
        modulus[^1] &= 0xFE;
        using var certificate = WithKey(modulus, [1, 0, 1]);

        CertificateTraits.Read(certificate).Fault.ShouldBe("its RSA modulus is negative or even");
    }

    [Theory]
    [InlineData(1000, "its RSA key of 1000 bits is too short")]
    [InlineData(16392, "its RSA key of 16392 bits is too long")]
    public void Absurd_sizes_are_refused(int bits, string fault)
    {
        var modulus = new byte[bits / 8];
        Random.Shared.NextBytes(modulus);
        modulus[0] |= 0x80;
        modulus[^1] |= 1;
        using var certificate = WithKey(modulus, [1, 0, 1]);

        CertificateTraits.Read(certificate).Fault.ShouldBe(fault);
    }

    private static byte[] Modulus(KeyKind kind) => ((RSA)TestKeys.Get(kind)).ExportParameters(false).Modulus!;

    private static X509Certificate2 WithKey(byte[] modulus, byte[] exponent)
    {
        var writer = new System.Formats.Asn1.AsnWriter(System.Formats.Asn1.AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(new BigInteger(modulus, isUnsigned: true, isBigEndian: true));
            writer.WriteInteger(new BigInteger(exponent, isUnsigned: true, isBigEndian: true));
        }

        var key = new PublicKey(new Oid("1.2.840.113549.1.1.1"), new AsnEncodedData([5, 0]), new AsnEncodedData(writer.Encode()));
        var request = new CertificateRequest(new X500DistinguishedName("CN=Bob"), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(TestPki.MakeAlternativeName("bob@example.net"));
        return request.Create(
            new X500DistinguishedName("CN=Issuer"), X509SignatureGenerator.CreateForRSA((RSA)TestKeys.Get(KeyKind.Rsa3072), RSASignaturePadding.Pkcs1), TestPki.NotBefore, TestPki.NotAfter, [1]);
    }
}
