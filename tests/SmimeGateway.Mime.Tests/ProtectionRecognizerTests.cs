using SmimeGateway.Mime.ProtectedForms;
using SmimeGateway.Mime.Tests.Corpus;

namespace SmimeGateway.Mime.Tests;

public sealed class ProtectionRecognizerTests
{
    [Theory]
    [InlineData("text/plain", ExistingProtection.None)]
    [InlineData("multipart/signed; protocol=\"application/pkcs7-signature\"; micalg=sha-256; boundary=b", ExistingProtection.ClearSigned)]
    [InlineData("multipart/signed; protocol=\"application/x-pkcs7-signature\"; boundary=b", ExistingProtection.ClearSigned)]
    [InlineData("multipart/signed; protocol=\"application/pgp-signature\"; boundary=b", ExistingProtection.PgpSigned)]
    [InlineData("multipart/encrypted; protocol=\"application/pgp-encrypted\"; boundary=b", ExistingProtection.PgpEncrypted)]
    [InlineData("application/pkcs7-mime; smime-type=signed-data; name=smime.p7m", ExistingProtection.OpaqueSigned)]
    [InlineData("application/x-pkcs7-mime; smime-type=enveloped-data", ExistingProtection.Enveloped)]
    [InlineData("application/pkcs7-mime; smime-type=authEnveloped-data", ExistingProtection.AuthEnveloped)]
    [InlineData("application/pkcs7-mime; smime-type=compressed-data", ExistingProtection.Compressed)]
    [InlineData("application/pkcs7-mime; smime-type=certs-only", ExistingProtection.CertificatesOnly)]
    [InlineData("application/pkcs7-mime; name=smime.p7c", ExistingProtection.CertificatesOnly)]
    [InlineData("application/pkcs7-mime; name=smime.p7m", ExistingProtection.UnknownSmime)]
    [InlineData("application/octet-stream; name=smime.p7m", ExistingProtection.UnknownSmime)]
    [InlineData("application/octet-stream; name=report.pdf", ExistingProtection.None)]
    public void The_type_of_a_message_tells_its_protection(string contentType, ExistingProtection expected)
    {
        var message = Read.Message($"From: a@b\r\nContent-Type: {contentType}\r\n\r\nbody\r\n");

        ProtectionRecognizer.Recognize(message).ShouldBe(expected);
    }

    [Theory]
    [InlineData("MIAGCSqGSIb3DQEHAqCA", ExistingProtection.OpaqueSigned)]
    [InlineData("MIAGCSqGSIb3DQEHA6CA", ExistingProtection.Enveloped)]
    [InlineData("MIAGCyqGSIb3DQEJEAEXoIA=", ExistingProtection.AuthEnveloped)]
    [InlineData("MIAGCyqGSIb3DQEJEAEJoIA=", ExistingProtection.Compressed)]
    public void A_file_name_without_a_type_is_looked_into(string body, ExistingProtection expected)
    {
        var message = Read.Message(
            "Content-Type: application/octet-stream\r\nContent-Disposition: attachment; filename=\"SMIME.P7M\"\r\n"
            + $"Content-Transfer-Encoding: base64\r\n\r\n{body}\r\n");

        ProtectionRecognizer.Recognize(message).ShouldBe(expected);
    }

    [Fact]
    public void Without_a_protocol_the_type_of_the_signature_tells()
    {
        var message = Read.Message(
            "Content-Type: multipart/signed; boundary=b\r\n\r\n--b\r\n\r\nx\r\n--b\r\nContent-Type: application/pkcs7-signature\r\n\r\ny\r\n--b--\r\n");

        ProtectionRecognizer.Recognize(message).ShouldBe(ExistingProtection.ClearSigned);
    }

    [Theory]
    [InlineData("-----BEGIN PGP MESSAGE-----\r\n\r\nabc\r\n-----END PGP MESSAGE-----\r\n", ExistingProtection.PgpInline)]
    [InlineData("Hi\r\n-----BEGIN PGP SIGNED MESSAGE-----\r\nx\r\n-----END PGP SIGNATURE-----\r\n", ExistingProtection.PgpInline)]
    [InlineData("> -----BEGIN PGP MESSAGE-----\r\n> -----END PGP MESSAGE-----\r\n", ExistingProtection.None)]
    [InlineData("-----BEGIN PGP PUBLIC KEY BLOCK-----\r\n-----END PGP PUBLIC KEY BLOCK-----\r\n", ExistingProtection.None)]
    [InlineData("-----BEGIN PGP MESSAGE-----\r\nand never an end\r\n", ExistingProtection.None)]
    public void Armour_in_a_text_is_recognised_but_no_quotation_and_no_key(string text, ExistingProtection expected)
    {
        ProtectionRecognizer.Recognize(Read.Message("Content-Type: text/plain\r\n\r\n" + text)).ShouldBe(expected);
        ProtectionRecognizer.Recognize(Read.Message(
            $"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n{text}\r\n--b--\r\n")).ShouldBe(expected);
    }

    [Fact]
    public void A_signed_message_inside_another_protects_only_itself()
    {
        var message = Read.Message(
            "Content-Type: message/rfc822\r\n\r\nContent-Type: application/pkcs7-mime; smime-type=signed-data\r\n\r\nx\r\n");

        ProtectionRecognizer.Recognize(message).ShouldBe(ExistingProtection.None);
    }
}
