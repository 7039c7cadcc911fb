using System.Buffers;
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Cms.Tests;

/// <summary>The exact form of what a signer writes, read with the strict DER reader of the framework alone.</summary>
public sealed class SignedBytesTests
{
    private static readonly Asn1Tag Context0 = new(TagClass.ContextSpecific, 0);

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(200)]
    [InlineData(70_000)]
    [InlineData(20_000_000)]
    public void Opaque_output_is_DER_whatever_its_length(int length)
    {
        using var signer = Some.Signer();
        var content = new byte[length];

        var cms = signer.SignEncapsulated(new ReadOnlySequence<byte>(content), Some.Time).ToArray();

        var contentInfo = new AsnReader(cms, AsnEncodingRules.DER);
        var signedData = OpenSignedData(contentInfo);
        contentInfo.HasData.ShouldBeFalse();
        signedData.ReadInteger();
        signedData.ReadSetOf();
        var encapsulated = signedData.ReadSequence();
        encapsulated.ReadObjectIdentifier();
        encapsulated.ReadSequence(Context0).ReadOctetString().ShouldBe(content);
        signedData.ReadSetOf(Context0);
        signedData.ReadSetOf();
        signedData.HasData.ShouldBeFalse();
    }

    [Fact]
    public void Versions_are_1()
    {
        var signedData = OpenSignedData(new AsnReader(Sign(new SignerOptions()), AsnEncodingRules.DER));

        signedData.ReadInteger().ShouldBe(1);
        OpenSigner(Sign(new SignerOptions())).ReadInteger().ShouldBe(1);
    }

    [Fact]
    public void Signed_attributes_are_a_sorted_set_of_the_six_promised()
    {
        var attributes = Attributes(Sign(new SignerOptions()));

        attributes.Keys.ShouldBe(
            [Oids.ContentType, Oids.MessageDigest, Oids.SigningTime, Oids.SmimeCapabilities, Oids.EncryptionKeyPreference, Oids.SigningCertificateV2],
            ignoreOrder: true);
    }

    [Fact]
    public void Capabilities_are_left_out_on_request() =>
        Attributes(Sign(new SignerOptions { Capabilities = null })).Keys.ShouldNotContain(Oids.SmimeCapabilities);

    [Theory]
    [InlineData("2026-11-20T12:34:56Z", 23)]
    [InlineData("2049-12-31T23:59:59Z", 23)]
    [InlineData("2050-01-01T00:00:00Z", 24)]
    [InlineData("1949-01-01T00:00:00Z", 24)]
    public void Signing_time_has_two_digit_years_until_2049(string time, int expectedTag)
    {
        var signingTime = DateTimeOffset.Parse(time, null);

        var cms = Sign(new SignerOptions(), signingTime);

        new AsnReader(Attributes(cms)[Oids.SigningTime], AsnEncodingRules.DER).PeekTag().TagValue.ShouldBe(expectedTag);
        var signer = Some.Read(cms).Signers.ShouldHaveSingleItem();
        signer.SigningTime.ShouldBe(signingTime);
        signer.Verify(Some.ContentSequence).ShouldBeNull();
    }

    [Fact]
    public void Signing_time_is_written_in_universal_time()
    {
        var cms = Sign(new SignerOptions(), new DateTimeOffset(2026, 1, 1, 1, 30, 0, TimeSpan.FromHours(2)));

        new AsnReader(Attributes(cms)[Oids.SigningTime], AsnEncodingRules.DER).ReadUtcTime()
            .ShouldBe(new DateTimeOffset(2025, 12, 31, 23, 30, 0, TimeSpan.Zero));
    }

    [Fact]
    public void Signing_certificate_has_the_digest_of_the_certificate_and_no_default()
    {
        var identifier = new AsnReader(Attributes(Sign(new SignerOptions()))[Oids.SigningCertificateV2], AsnEncodingRules.DER)
            .ReadSequence().ReadSequence().ReadSequence();

        identifier.ReadOctetString().ShouldBe(SHA256.HashData(Some.Certificate.RawData));
    }

    [Fact]
    public void Enclosed_certificates_are_those_given_each_once()
    {
        var cms = Sign(new SignerOptions { Chain = [.. TestPki.Chain, TestPki.Intermediate] });

        Thumbprints(cms).ShouldBe([Some.Certificate.Thumbprint, .. TestPki.Chain.Select(above => above.Thumbprint)], ignoreOrder: true);
    }

    [Fact]
    public void No_certificate_is_enclosed_when_none_is_to_be()
    {
        var cms = Sign(new SignerOptions { IncludeSignerCertificate = false });

        Some.Read(cms).Certificates.ShouldBeEmpty();
        Some.Read(cms).Verify(Some.ContentSequence)!.Kind.ShouldBe(CmsFaultKind.SignerCertificateMissing);
        Some.Read(cms).Signers[0].Verify(Some.ContentSequence, Some.Certificate).ShouldBeNull();
    }

    [Fact]
    public void Encryption_key_preference_names_the_signers_own_certificate()
    {
        var signer = Some.Read(Sign(new SignerOptions())).Signers[0];

        signer.EncryptionKeyPreference!.Names(Some.Certificate).ShouldBeTrue();
    }

    [Fact]
    public void Encryption_key_preference_names_the_encryption_certificate_and_encloses_it()
    {
        var encryption = TestPki.EncryptionOnly("alice@example.com");

        var signedData = Some.Read(Sign(new SignerOptions { EncryptionCertificate = encryption }));

        signedData.FindCertificate(signedData.Signers[0].EncryptionKeyPreference!)!.Thumbprint.ShouldBe(encryption.Thumbprint);
    }

    [Fact]
    public void A_certificate_for_signatures_alone_is_no_encryption_key_preference()
    {
        using var signer = new Signer(TestPki.SigningOnly("alice@example.com"), new SignerOptions());

        Some.Read(signer.SignDetached(Some.ContentSequence, Some.Time)).Signers[0].EncryptionKeyPreference.ShouldBeNull();
    }

    [Fact]
    public void Nothing_is_announced_that_a_mail_program_may_not_read_unless_it_is_chosen()
    {
        Announced(new SignerOptions()).ShouldBe(["AES-256-CBC", "AES-192-CBC", "AES-128-CBC"]);
        Announced(new SignerOptions { Capabilities = SmimeCapabilities.Of([ContentCipher.Aes128Gcm, ContentCipher.Aes256Cbc]) }).ShouldBe(["AES-128-GCM", "AES-256-CBC"]);

        static IEnumerable<string> Announced(SignerOptions options) =>
            Some.Read(Sign(options)).Signers[0].Capabilities!.All.Select(capability => capability.Name);
    }

    private static byte[] Sign(SignerOptions options, DateTimeOffset? time = null)
    {
        using var signer = Some.Signer(options);
        return signer.SignDetached(Some.ContentSequence, time ?? Some.Time);
    }

    private static IEnumerable<string> Thumbprints(byte[] cms) =>
        Some.Read(cms).Certificates.Select((X509Certificate2 certificate) => certificate.Thumbprint);

    private static AsnReader OpenSignedData(AsnReader contentInfo)
    {
        var fields = contentInfo.ReadSequence();
        fields.ReadObjectIdentifier().ShouldBe(Oids.SignedData);
        return fields.ReadSequence(Context0).ReadSequence();
    }

    private static AsnReader OpenSigner(byte[] cms)
    {
        var signedData = OpenSignedData(new AsnReader(cms, AsnEncodingRules.DER));
        signedData.ReadInteger();
        signedData.ReadSetOf();
        signedData.ReadSequence();
        if (signedData.PeekTag().HasSameClassAndValue(Context0))
        {
            signedData.ReadSetOf(Context0);
        }

        return signedData.ReadSetOf().ReadSequence();
    }

    private static Dictionary<string, ReadOnlyMemory<byte>> Attributes(byte[] cms)
    {
        var signer = OpenSigner(cms);
        signer.ReadInteger();
        signer.ReadSequence();
        signer.ReadSequence();

        // The strict reader throws if the set is not sorted.
        var set = signer.ReadSetOf(Context0);
        var attributes = new Dictionary<string, ReadOnlyMemory<byte>>();
        while (set.HasData)
        {
            var attribute = set.ReadSequence();
            attributes.Add(attribute.ReadObjectIdentifier(), attribute.ReadSetOf().ReadEncodedValue());
        }

        return attributes;
    }
}
