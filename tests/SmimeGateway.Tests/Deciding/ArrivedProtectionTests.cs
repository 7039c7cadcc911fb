using System.Security.Cryptography.Pkcs;
using SmimeGateway.Cms;
using SmimeGateway.Tests.Opening;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests.Deciding;

public sealed class ArrivedProtectionTests
{
    private const string Secret = ArrivedMail.Secret;

    private static readonly Dictionary<string, string> Encrypted = new()
    {
        ["enveloped"] = ArrivedMail.Enveloped,
        ["authenticated"] = ArrivedMail.AuthEnveloped,
        ["enveloped, by its name alone"] = "Content-Type: application/octet-stream; name=smime.p7m\r\n" + AfterFirstLine(ArrivedMail.Enveloped),
        ["enveloped, labelled as signed"] = ArrivedMail.Enveloped.Replace("enveloped-data", "signed-data", StringComparison.Ordinal),
        ["enveloped, without encoding"] = "Content-Type: application/pkcs7-mime\r\nContent-Transfer-Encoding: binary\r\n\r\n"
            + System.Text.Encoding.Latin1.GetString(ArrivedMail.Encrypt(ContentCipher.Aes128Cbc)) + "\r\n",
        ["PGP/MIME"] = ArrivedMail.PgpEncrypted,
        ["PGP/MIME with labels"] = ArrivedMail.PgpEncrypted
            .Replace("pgp-encrypted\r\n\r\nV", "pgp-encrypted\r\nContent-Description: PGP/MIME version identification\r\n\r\nV", StringComparison.Ordinal)
            .Replace("octet-stream\r\n", "octet-stream; name=encrypted.asc\r\nContent-Disposition: inline; filename=encrypted.asc\r\n", StringComparison.Ordinal),
        ["PGP/MIME of an older program"] = ArrivedMail.PgpEncrypted.Replace("BEGIN PGP MESSAGE-----\r\n", "BEGIN PGP MESSAGE-----\r\nVersion: GnuPG v2\r\n", StringComparison.Ordinal),
        ["PGP/MIME in base64"] = ArrivedMail.PgpMime(Convert.ToBase64String(Letters.Bytes(ArrivedMail.PgpMessage)))
            .Replace("octet-stream\r\n", "octet-stream\r\nContent-Transfer-Encoding: base64\r\n", StringComparison.Ordinal),
        ["PGP in the text"] = "Content-Type: text/plain\r\n\r\n\r\n" + ArrivedMail.PgpMessage + "\r\n",
        ["PGP in an encoded text"] = "Content-Type: text/plain\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
            + ArrivedMail.PgpMessage.Replace("=", "=3D", StringComparison.Ordinal),
    };

    private static readonly Dictionary<string, string> Signed = new()
    {
        ["clear"] = ArrivedMail.Clear,
        ["clear, without a protocol"] = ArrivedMail.Clear.Replace("protocol=\"application/pkcs7-signature\";", string.Empty, StringComparison.Ordinal),
        ["clear, with a notice for old programs"] = ArrivedMail.Clear.Replace("=b\r\n\r\n", "=b\r\n\r\nThis is an S/MIME signed message\r\n\r\n", StringComparison.Ordinal),
        ["opaque"] = ArrivedMail.Opaque,
        ["opaque, labelled as encrypted"] = ArrivedMail.Opaque.Replace("signed-data", "enveloped-data", StringComparison.Ordinal),
        ["PGP/MIME"] = ArrivedMail.PgpSigned,
        ["PGP/MIME of a program that says who it is"] = ArrivedMail.PgpSigned
            .Replace("SIGNATURE-----\r\n\r\ni", "SIGNATURE-----\r\nVersion: GnuPG v1\r\nComment: Using GnuPG\r\n\r\ni", StringComparison.Ordinal),
        ["PGP in the text"] = ArrivedMail.PgpClearSigned,
    };

    public static TheoryData<string> EncryptedForms => [.. Encrypted.Keys];

    public static TheoryData<string> SignedForms => [.. Signed.Keys];

    [Theory]
    [MemberData(nameof(EncryptedForms))]
    public void One_encrypted_object_that_is_the_whole_body_counts(string form)
    {
        var arrived = ArrivedMail.Arrive(Encrypted[form]);

        arrived.IsEncrypted.ShouldBeTrue(arrived.ToString());
        arrived.IsSigned.ShouldBeFalse();
        arrived.ToString().ShouldContain("encrypted");
    }

    [Theory]
    [InlineData("GnuPG v2.0.22 (GNU/Linux)")]
    [InlineData("GnuPG/MacGPG2 v2")]
    [InlineData("OpenPGP.js v4.10.10")]
    [InlineData("BCPG v1.58")]
    [InlineData("PGP Universal 2.9.1 (Build 347)")]
    [InlineData("Encryption Desktop 10.3.0 (Build 8741)")]
    [InlineData("Mailvelope v1.3.6")]
    public void What_a_program_calls_itself_is_let_be(string version) => ArrivedMail.Arrive(
        ArrivedMail.PgpEncrypted.Replace("BEGIN PGP MESSAGE-----\r\n", $"BEGIN PGP MESSAGE-----\r\nVersion: {version}\r\n", StringComparison.Ordinal)).IsEncrypted.ShouldBeTrue();

    // Wherever readable words get into the body of an encrypted message, it counts as encrypted no longer.
    [Theory]
    [MemberData(nameof(EncryptedForms))]
    public void Words_at_any_place_of_the_body_make_it_unprotected(string form)
    {
        var whole = Encrypted[form];
        var body = whole.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4;
        for (var at = body; at <= whole.Length; at += at > body + 400 && at < whole.Length - 200 ? 17 : 1)
        {
            foreach (var words in new[] { Secret, "\r\n" + Secret + "\r\n" })
            {
                var arrived = ArrivedMail.Arrive(whole.Insert(at, words));

                // The parameters of a type, the name of a file and the version of a program are labels, as long as they are short.
                if (!IsLabel(whole, at))
                {
                    arrived.IsEncrypted.ShouldBeFalse($"{words} at {at - body}: {arrived}");
                }
            }
        }
    }

    [Theory]
    [InlineData("--b\r\nContent-Type: application/octet", "--b SECRET\r\nContent-Type: application/octet", "beside the boundary")]
    [InlineData("--b--", "--b-- SECRET", "beside the boundary")]
    [InlineData("--b--", "", "does not end")]
    [InlineData("--b--", "--b\r\n\r\nSECRET\r\n--b--", "3 parts")]
    [InlineData("--b--", "--b\r\n\r\n--b--", "3 parts")]
    [InlineData("Version: 1", "Version: 1\r\nSECRET", "first part")]
    [InlineData("Version: 1", "Version: 2", "first part")]
    [InlineData("-----END PGP MESSAGE-----", "", "second part")]
    [InlineData("-----END PGP MESSAGE-----", "-----END PGP MESSAGE-----\r\nSECRET", "second part")]
    [InlineData("-----BEGIN PGP MESSAGE-----", "SECRET\r\n-----BEGIN PGP MESSAGE-----", "second part")]
    [InlineData("-----BEGIN PGP MESSAGE-----\r\n", "-----BEGIN PGP MESSAGE-----\r\nComment: SECRET 1\r\n", "second part")]
    [InlineData("-----BEGIN PGP MESSAGE-----\r\n", "-----BEGIN PGP MESSAGE-----\r\nVersion: SECRET\r\n", "second part")]
    [InlineData("-----BEGIN PGP MESSAGE-----\r\n", "-----BEGIN PGP MESSAGE-----\r\nVersion: SECRET 1.0 meet at noon\r\n", "second part")]
    [InlineData("-----BEGIN PGP MESSAGE-----\r\n", "-----BEGIN PGP MESSAGE-----\r\nVersion: GnuPG v2 (meet at noon)\r\n", "second part")]
    [InlineData("jA0ECQMCSHdRERDqB5j/0j0BCcSWVavig1GUaywzoLZ3Kv4vkFehpBn68TuCXXlq\r\n1cVx3DFsfCDUOWP6CNbfnZQAQCD4yoQWrarVRF9X", "owFbw5fEWJLNHd+QnpqRmpnLBQA=", "second part")]
    [InlineData("jA0ECQMCSHdRERDqB5j/0j0BCcSWVavig1GUaywzoLZ3Kv4vkFehpBn68TuCXXlq", "ywx0BXNlY3JldAoAAAA=", "second part")]
    [InlineData("octet-stream\r\n", "octet-stream\r\nContent-Description: SECRET\r\n", "say more")]
    [InlineData("octet-stream\r\n", "octet-stream\r\nX-Note: SECRET\r\n", "say more")]
    [InlineData("octet-stream\r\n", "octet-stream\r\nSECRET WORDS\r\n", "second part")]
    [InlineData("octet-stream\r\n", "octet-stream\r\nContent-Transfer-Encoding: quoted-printable\r\n", "second part")]
    [InlineData("octet-stream\r\n", "octet-stream\r\nContent-Transfer-Encoding: x-unknown\r\n", "second part")]
    [InlineData("octet-stream", "pdf", "second part")]
    [InlineData("Content-Type: application/pgp-encrypted", "Content-Type: text/plain", "first part")]
    public void A_PGP_message_that_is_not_all_there_is_counts_for_nothing(string part, string replaced, string reason)
    {
        ArrivedMail.PgpEncrypted.ShouldContain(part);

        var arrived = ArrivedMail.Arrive(ArrivedMail.PgpEncrypted.Replace(part, replaced, StringComparison.Ordinal));

        arrived.IsEncrypted.ShouldBeFalse();
        arrived.ToString().ShouldContain(reason);
    }

    [Fact]
    public void An_encrypted_object_inside_of_something_else_is_not_the_whole()
    {
        foreach (var (form, encrypted) in Encrypted)
        {
            ArrivedMail.Arrive($"Content-Type: multipart/mixed; boundary=o\r\n\r\n--o\r\n{encrypted}\r\n--o--\r\n").IsEncrypted.ShouldBeFalse(form);
            ArrivedMail.Arrive($"Content-Type: message/rfc822\r\n\r\n{encrypted}").IsEncrypted.ShouldBeFalse(form);
        }
    }

    [Theory]
    [InlineData(0, "octets behind the object")]
    [InlineData(1, "octets inside, behind the fields")]
    public void Octets_behind_the_object_or_its_fields_are_words_too(int place, string what)
    {
        var cms = ArrivedMail.Encrypt(ContentCipher.Aes256Cbc);
        byte[] words = [0x0C, 6, .. "SECRET"u8];
        // The outer length grows with what is put inside it.
        byte[] changed = [.. cms, .. words];
        if (place == 1)
        {
            var length = (changed[2] << 8 | changed[3]) + words.Length;
            (changed[2], changed[3]) = ((byte)(length >> 8), (byte)length);
        }

        cms[1].ShouldBe((byte)0x82);
        ArrivedMail.Arrive(Letters.Body("enveloped-data", cms)).IsEncrypted.ShouldBeTrue();
        ArrivedMail.Arrive(Letters.Body("enveloped-data", changed)).IsEncrypted.ShouldBeFalse(what);
    }

    [Theory]
    [MemberData(nameof(SignedForms))]
    public void A_signature_over_the_whole_counts(string form)
    {
        var arrived = ArrivedMail.Arrive(Signed[form]);

        arrived.IsSigned.ShouldBeTrue(arrived.ToString());
        arrived.IsEncrypted.ShouldBeFalse();
    }

    [Fact]
    public void A_signature_that_no_longer_fits_counts_for_nothing()
    {
        var broken = ArrivedMail.Arrive(ArrivedMail.Clear.Replace("The text.", "The  text.", StringComparison.Ordinal));
        var alien = ArrivedMail.Arrive(ArrivedMail.Clear.Replace("The text.", "Pay all!", StringComparison.Ordinal));
        var footed = ArrivedMail.Arrive(ArrivedMail.Clear + "A footer\r\n");
        var longer = ArrivedMail.Arrive(ArrivedMail.Clear.Replace("--b--", "--b\r\n\r\nmore\r\n--b--", StringComparison.Ordinal));

        foreach (var arrived in new[] { broken, alien, footed, longer })
        {
            arrived.IsSigned.ShouldBeFalse(arrived.ToString());
            arrived.ToString().ShouldContain("by its label only");
        }
    }

    [Theory]
    [InlineData("Content-Type: multipart/signed; protocol=\"application/pkcs7-signature\"; boundary=b\r\n\r\n--b\r\n\r\nx\r\n--b\r\nContent-Type: application/pkcs7-signature\r\n\r\nx\r\n--b--\r\n")]
    [InlineData("Content-Type: multipart/signed; protocol=\"application/pkcs7-signature\"; boundary=b\r\n\r\n--b\r\n\r\nx\r\n--b--\r\n")]
    [InlineData("Content-Type: multipart/signed; protocol=\"application/pgp-signature\"; boundary=b\r\n\r\n--b\r\n\r\nx\r\n--b\r\nContent-Type: application/pgp-signature\r\n\r\n-----BEGIN PGP SIGNATURE-----\r\n\r\nAAAA\r\n-----END PGP SIGNATURE-----\r\n--b--\r\n")]
    [InlineData("Content-Type: application/pkcs7-mime; smime-type=signed-data\r\n\r\nwords\r\n")]
    [InlineData("Content-Type: application/pkcs7-mime; smime-type=certs-only; name=smime.p7c\r\n\r\nwords\r\n")]
    [InlineData("Content-Type: application/pkcs7-mime; smime-type=compressed-data\r\n\r\nwords\r\n")]
    [InlineData("Content-Type: application/octet-stream; name=smime.p7m\r\n\r\nwords\r\n")]
    [InlineData("Content-Type: text/plain\r\n\r\nwords\r\n-----BEGIN PGP MESSAGE-----\r\n-----END PGP MESSAGE-----\r\n")]
    [InlineData("Content-Type: text/plain\r\n\r\n-----BEGIN PGP MESSAGE-----\r\n\r\nwords\r\n-----END PGP MESSAGE-----\r\n")]
    [InlineData("Content-Type: text/plain\r\n\r\n-----BEGIN PGP SIGNED MESSAGE-----\r\n\r\nwords\r\n-----END PGP SIGNATURE-----\r\n")]
    [InlineData("Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n-----BEGIN PGP MESSAGE-----\r\nx\r\n-----END PGP MESSAGE-----\r\n--b--\r\n")]
    [InlineData("Content-Type: text/plain\r\n\r\nwords\r\n")]
    public void A_mere_label_is_neither_a_signature_nor_encryption(string claim)
    {
        var arrived = ArrivedMail.Arrive(claim);

        arrived.IsSigned.ShouldBeFalse();
        arrived.IsEncrypted.ShouldBeFalse();
    }

    [Fact]
    public void What_has_no_signer_or_is_only_compressed_is_not_signed()
    {
        ArrivedMail.Arrive(Letters.Compressed(Letters.Plain)).IsSigned.ShouldBeFalse();
        var certificates = new SignedCms(new ContentInfo("x"u8.ToArray()));
        certificates.ComputeSignature(new CmsSigner(TestPki.Issue("a@example.com")));
        certificates.RemoveSignature(0);
        var certificatesOnly = Letters.Body("signed-data", certificates.Encode());
        ArrivedMail.Arrive(certificatesOnly).ToString().ShouldContain("nobody has signed");
    }

    [Theory]
    [InlineData("The text.\r\n- -- \r\n", "The text.\r\n-- \r\n")]
    [InlineData("-----BEGIN PGP SIGNED", "SECRET\r\n-----BEGIN PGP SIGNED")]
    [InlineData("Hash: SHA512\r\n", "Hash: SHA512\r\nSECRET\r\n")]
    [InlineData("-----END PGP SIGNATURE-----", "-----END PGP SIGNATURE-----\r\nSECRET")]
    [InlineData("-----END PGP SIGNATURE-----", "")]
    [InlineData("-----BEGIN PGP SIGNATURE-----", "-----BEGIN PGP SIGNATURE-----\r\nSECRET")]
    [InlineData("-----BEGIN PGP SIGNATURE-----", "-----BEGIN PGP SIGNATURE-----\r\nComment: SECRET")]
    public void A_clear_text_is_signed_from_its_first_line_to_its_last_or_not_at_all(string part, string replaced)
    {
        ArrivedMail.PgpClearSigned.ShouldContain(part);

        ArrivedMail.Arrive(ArrivedMail.PgpClearSigned.Replace(part, replaced, StringComparison.Ordinal)).IsSigned.ShouldBeFalse();
    }

    private static bool IsLabel(string whole, int at)
    {
        var line = whole[(whole.LastIndexOf('\n', at - 1) + 1)..at];
        return line.StartsWith("Content-", StringComparison.Ordinal) && line.Contains(';', StringComparison.Ordinal)
            || line.StartsWith("Content-Description:", StringComparison.Ordinal)
            || line.StartsWith("Content-Disposition:", StringComparison.Ordinal)
            || line.StartsWith("Version: ", StringComparison.Ordinal);
    }

    private static string AfterFirstLine(string text) => text[(text.IndexOf('\n', StringComparison.Ordinal) + 1)..];
}
