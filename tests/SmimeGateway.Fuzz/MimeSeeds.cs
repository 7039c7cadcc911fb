using System.Text;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Fuzz;

/// <summary>Messages to start mutation from: a few of every construct, and those of the corpora where they are there.</summary>
internal static class MimeSeeds
{
    public static IReadOnlyList<byte[]> All { get; } = [.. Own.Select(Encoding.Latin1.GetBytes), .. FromCorpora()];

    private static IEnumerable<string> Own =>
    [
        "From: \"A, B\" <a@example.com>\r\nSubject: =?utf-8?Q?gr=C3=BCn?= =?utf-8?B?dGVh?=\r\n\r\nhello \r\nFrom me\r\n",
        "Content-Type: multipart/mixed; boundary=\"b\"\r\nContent-Transfer-Encoding: 8bit\r\n\r\npre\r\n--b\r\n"
            + "Content-Type: text/plain; charset=utf-8\r\n\r\ngr\u00C3\u00BCn\r\n--b\r\nContent-Type: multipart/alternative; boundary=b2\r\n\r\n"
            + "--b2\r\nContent-Transfer-Encoding: base64\r\n\r\naGVsbG8=\r\n--b2--\r\n--b\r\n"
            + "Content-Type: application/pdf; name*0*=utf-8''gr%C3%BC; name*1=n.pdf\r\nContent-Transfer-Encoding: binary\r\n\r\n\u00FF\0\r\n--b--\r\nepi\r\n",
        "Content-Type: message/rfc822\r\n\r\nFrom: J\u00F6rg <j@example.com>\r\nTo: team: a@b, c@d;\r\nSubject: \u00E4\r\n \u00F6 \r\n\r\nbody \r\n",
        "Content-Type: text/plain\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=C3=A4 =\r\nsoft=20\r\n=\r\n",
        "Content-Type: image/gif\r\nContent-Transfer-Encoding: x-uuencode\r\n\r\nbegin 644 a\r\n#0V%T\r\n`\r\nend\r\n",
        "Content-Type: multipart/signed; protocol=\"application/pkcs7-signature\"; boundary=s\r\n\r\n--s\r\n\r\nx\r\n--s\r\n"
            + "Content-Type: application/pkcs7-signature\r\nContent-Transfer-Encoding: base64\r\n\r\nMIAG\r\n--s--\r\n",
        "Content-Type: multipart/encrypted; protocol=\"application/pgp-encrypted\"; boundary=p\r\n\r\n--p\r\nContent-Type: application/pgp-encrypted\r\n\r\n"
            + "Version: 1\r\n--p\r\nContent-Type: application/octet-stream\r\n\r\n-----BEGIN PGP MESSAGE-----\r\n\r\njA0ECQMC\r\n-----END PGP MESSAGE-----\r\n--p--\r\n",
        "Content-Type: text/plain\r\n\r\n-----BEGIN PGP SIGNED MESSAGE-----\r\nHash: SHA512\r\n\r\nx\r\n- -- \r\n"
            + "-----BEGIN PGP SIGNATURE-----\r\n\r\niQEzBAAB\r\n-----END PGP SIGNATURE-----\r\n",
        "Content-Type: application/pkcs7-mime; smime-type=enveloped-data\r\nContent-Transfer-Encoding: base64\r\n\r\nMIAGCSqG\r\nSIb3DQEHA6CA\r\n",
        "Content-Type: multipart/digest; boundary=d\r\n\r\n--d\r\n\r\nSubject: one\r\n\r\n1\r\n--d\r\n\r\n2\r\n--d--\r\n",
    ];

    private static IEnumerable<byte[]> FromCorpora() => Corpora.Folder("mime") is not { } folder
        ? []
        : Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(file => Path.GetExtension(file) is ".eml" or ".msg")
            .Order(StringComparer.Ordinal)
            .Select(Corpora.ReadMail)
            .Where(mail => mail.Length < 20_000);
}
