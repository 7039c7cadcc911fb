using System.Buffers;
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Cms.Tests;

public sealed class CmsRecipientTests
{
    [Theory]
    [InlineData(512, KeyTransport.RsaPkcs1, "512 bits")]
    [InlineData(1008, KeyTransport.RsaPkcs1, "1008 bits")]
    [InlineData(1024, KeyTransport.OaepSha384, "too short for OAEP with SHA-384")]
    [InlineData(1024, KeyTransport.OaepSha512, "too short for OAEP with SHA-512")]
    public void A_short_RSA_key_is_refused(int bits, KeyTransport transport, string reason)
    {
        using var key = RSA.Create(bits);

        var fault = Recipients.Refuse(Recipients.Issue(key), transport);

        fault.Kind.ShouldBe(CmsFaultKind.RecipientKeyUnusable);
        fault.Reason.ShouldContain(reason);
    }

    [Theory]
    [InlineData(KeyTransport.RsaPkcs1)]
    [InlineData(KeyTransport.OaepSha256)]
    public void An_RSA_key_of_1024_bits_is_left_to_the_judgement_of_others(KeyTransport transport)
    {
        using var key = RSA.Create(1024);

        using var recipient = Recipients.Make(Recipients.Issue(key), transport);

        recipient.Encryption.Encrypt(new byte[32]).Length.ShouldBeGreaterThan(128);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void An_RSA_key_that_does_not_encrypt_is_refused(byte exponent)
    {
        using var key = RSA.Create(2048);
        var parameters = key.ExportParameters(includePrivateParameters: false) with { Exponent = [exponent] };

        var fault = Recipients.Refuse(Recipients.Issue(parameters));

        fault.Kind.ShouldBe(CmsFaultKind.RecipientKeyUnusable);
    }

    [Fact]
    public void An_RSA_key_too_long_to_compute_with_is_refused()
    {
        var modulus = RandomNumberGenerator.GetBytes(4096);
        modulus[0] |= 0x80;
        modulus[^1] |= 1;

        Recipients.Refuse(Recipients.Issue(new RSAParameters { Modulus = modulus, Exponent = [1, 0, 1] }))
            .Kind.ShouldBe(CmsFaultKind.RecipientKeyUnusable);
    }

    [Theory]
    [InlineData("1.3.101.112", "Ed25519")]
    [InlineData("1.2.840.113549.1.1.10", "RSA for PSS alone")]
    [InlineData("1.2.840.10040.4.1", "DSA")]
    public void A_key_of_an_unsupported_kind_is_refused_by_its_identifier(string oid, string name)
    {
        var key = new PublicKey(new Oid(oid), null!, new AsnEncodedData(RandomNumberGenerator.GetBytes(32)));

        var fault = Recipients.Refuse(Recipients.Issue(key));

        fault.Kind.ShouldBe(CmsFaultKind.RecipientKeyUnusable, name);
        fault.Reason.ShouldContain(oid, customMessage: name);
    }

    [Fact]
    public void A_curve_that_is_not_for_mail_is_refused()
    {
        using var key = ECDsa.Create(ECCurve.CreateFromFriendlyName("secp256k1"));

        Recipients.Refuse(Recipients.Issue(new PublicKey(key))).Reason.ShouldContain("a curve that is not supported");
    }

    [Fact]
    public void An_elliptic_key_that_must_not_agree_on_keys_is_refused() =>
        Recipients.Refuse(TestPki.SigningOnly("alice@example.com", KeyKind.EcP256)).Reason.ShouldContain("key agreement");

    [Fact]
    public void A_point_beside_the_curve_is_refused()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var parameters = new PublicKey(key).EncodedParameters;
        byte[] point = [4, .. RandomNumberGenerator.GetBytes(64)];
        var odd = new PublicKey(new Oid("1.2.840.10045.2.1"), parameters, new AsnEncodedData(point));

        Recipients.Refuse(Recipients.Issue(odd)).Kind.ShouldBe(CmsFaultKind.RecipientKeyUnusable);
    }

    [Theory]
    [InlineData(KeyKind.Rsa2048, RecipientNaming.IssuerAndSerial, 0)]
    [InlineData(KeyKind.Rsa2048, RecipientNaming.KeyIdentifier, 2)]
    [InlineData(KeyKind.EcP256, RecipientNaming.IssuerAndSerial, 3)]
    [InlineData(KeyKind.EcP256, RecipientNaming.KeyIdentifier, 3)]
    public void The_certificate_is_named_as_asked(KeyKind kind, RecipientNaming naming, int version)
    {
        var certificate = TestPki.Issue("alice@example.com", kind);
        using var recipient = Recipients.Make(certificate, naming: naming);

        var identifier = recipient.Encryption.Identifier;

        recipient.Encryption.Version.ShouldBe(version);
        var key = certificate.Extensions.OfType<X509SubjectKeyIdentifierExtension>().Single().SubjectKeyIdentifierBytes;
        if (naming == RecipientNaming.IssuerAndSerial)
        {
            var fields = new AsnReader(identifier, AsnEncodingRules.DER).ReadSequence();
            fields.ReadEncodedValue().ToArray().ShouldBe(certificate.IssuerName.RawData);
            fields.ReadIntegerBytes().ToArray().ShouldBe(certificate.SerialNumberBytes.ToArray());
        }
        else
        {
            identifier.Span[^key.Length..].ToArray().ShouldBe(key.ToArray());
            identifier.Length.ShouldBe(key.Length + (kind == KeyKind.Rsa2048 ? 2 : 4));
        }
    }

    [Fact]
    public void A_certificate_without_a_key_identifier_is_named_by_issuer_and_serial_number()
    {
        using var key = RSA.Create(2048);
        using var recipient = Recipients.Make(Recipients.Issue(key), naming: RecipientNaming.KeyIdentifier);

        recipient.Encryption.Version.ShouldBe(0);
    }

    [Fact]
    public void A_key_identifier_that_is_no_digest_is_not_sent()
    {
        using var key = RSA.Create(2048);
        var certificate = Recipients.Issue(new PublicKey(key), new X509SubjectKeyIdentifierExtension(new byte[1000], critical: false));

        using var recipient = Recipients.Make(certificate, naming: RecipientNaming.KeyIdentifier);

        recipient.Encryption.Version.ShouldBe(0);
    }

    // RFC 4055 section 4.1 and its module: SHA-1 is the default, and so left out.
    [Theory]
    [InlineData(KeyTransport.RsaPkcs1, "300D06092A864886F70D0101010500")]
    [InlineData(KeyTransport.OaepSha1, "300D06092A864886F70D0101073000")]
    [InlineData(KeyTransport.OaepSha256, "303C06092A864886F70D010107302FA00F300D06096086480165030402010500A11C301A06092A864886F70D010108300D06096086480165030402010500")]
    [InlineData(KeyTransport.OaepSha384, "303C06092A864886F70D010107302FA00F300D06096086480165030402020500A11C301A06092A864886F70D010108300D06096086480165030402020500")]
    [InlineData(KeyTransport.OaepSha512, "303C06092A864886F70D010107302FA00F300D06096086480165030402030500A11C301A06092A864886F70D010108300D06096086480165030402030500")]
    public void The_algorithm_identifier_is_the_one_of_the_standard(KeyTransport transport, string expected)
    {
        using var recipient = Recipients.Make(Some.Certificate, transport);

        var fields = new AsnReader(recipient.Encryption.Encrypt(new byte[16]), AsnEncodingRules.DER).ReadSequence();
        fields.ReadInteger();
        fields.ReadEncodedValue();

        Convert.ToHexString(fields.ReadEncodedValue().Span).ShouldBe(expected);
    }

    [Theory]
    [InlineData(KeyKind.Rsa2048)]
    [InlineData(KeyKind.EcP384)]
    public void Many_threads_use_one_recipient(KeyKind kind)
    {
        using var recipient = Recipients.Make(TestPki.Issue("alice@example.com", kind));

        Parallel.For(0, 200, new ParallelOptions { MaxDegreeOfParallelism = 8 }, _ =>
        {
            using var encryption = new ContentEncryption(ContentCipher.Aes256Gcm, [recipient], new ReadOnlySequence<byte>(Some.Content));
            var cms = new byte[encryption.EncodedLength];
            encryption.Write(cms);
            encryption.Check(cms).ShouldBeNull();
        });
    }
}
