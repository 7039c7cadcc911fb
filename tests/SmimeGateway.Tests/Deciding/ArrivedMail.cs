using System.Buffers;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using SmimeGateway.Cms;
using SmimeGateway.Deciding;
using SmimeGateway.Mime;
using SmimeGateway.Tests.Opening;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests.Deciding;

/// <summary>Mail that arrives protected, whole: header fields of the content and the body.</summary>
internal static class ArrivedMail
{
    public const string Secret = "SECRET WORDS! ";

    private const string PgpData = "jA0ECQMCSHdRERDqB5j/0j0BCcSWVavig1GUaywzoLZ3Kv4vkFehpBn68TuCXXlq\r\n1cVx3DFsfCDUOWP6CNbfnZQAQCD4yoQWrarVRF9X\r\n=Fs7f\r\n";

    private static readonly Lazy<X509Certificate2> Alice = new(() => TestPki.Issue("alice@example.com", keyOwner: "alice"));
    private static readonly Lazy<X509Certificate2> Bob = new(() => TestPki.Issue("bob@example.net", keyOwner: "bob"));

    public static string PgpMessage => Armour("MESSAGE", PgpData);

    public static string PgpSignature => Armour(
        "SIGNATURE",
        "iQEzBAABCgAdFiEEXLIS6KgkxrhXU9k1mzklxxouNWIFAmsLX4AACgkQmzklxxou\r\nNWITCwf9Gx+qZRh/VtnjPqioWGQRn65zmVVVefPzN3uus7CtgkWCsE9Mw6FFiiVX\r\n"
        + "OGvGdhBBihahqCUe06qIqdOSPaWOIx09vX3k3QXb5xIjSw6NMnWPAx4K6Q/Su086\r\ndvY3iyEAXEkeFhO/h/CFNqwG5I1UkNySaeCPFMRmEttRbAHFkMJP8oMRy9/H9dUj\r\n"
        + "aEQ/2mxWmfIHGKTrM0jnmABF6/0uiIrxe+bUoXZRGhggSc6vmBs1jpjH4r9Xl/Q6\r\n/EGCzstl/Wf60/RT+IUjfKSJ+tUYgussvgj1rf3YlS074ai3lgoxN2yz5lPt2M+M\r\n"
        + "cF0VjwIyke/AXoevFxujRxQuPJSrSg==\r\n=B/Wy\r\n");

    public static string PgpEncrypted => PgpMime(PgpMessage);

    public static string PgpSigned =>
        "Content-Type: multipart/signed; protocol=\"application/pgp-signature\"; micalg=pgp-sha512; boundary=b\r\n\r\n"
        + $"--b\r\nContent-Type: text/plain\r\n\r\nThe text.\r\n--b\r\nContent-Type: application/pgp-signature; name=signature.asc\r\n\r\n{PgpSignature}\r\n--b--\r\n";

    public static string PgpClearSigned =>
        $"Content-Type: text/plain\r\n\r\n-----BEGIN PGP SIGNED MESSAGE-----\r\nHash: SHA512\r\n\r\nThe text.\r\n- -- \r\nAlice\r\n{PgpSignature}";

    public static string Enveloped => Letters.Encrypted(Letters.Plain, Bob.Value);

    public static string AuthEnveloped => Letters.Body("authEnveloped-data", Encrypt(ContentCipher.Aes256Gcm));

    public static string Opaque => Letters.Opaque(Letters.Plain, Alice.Value);

    public static string Clear => Letters.Clear(Letters.Plain, Alice.Value);

    public static string Armour(string kind, string data, string headers = "") =>
        $"-----BEGIN PGP {kind}-----\r\n{headers}\r\n{data}-----END PGP {kind}-----\r\n";

    public static string PgpMime(string second) =>
        "Content-Type: multipart/encrypted; protocol=\"application/pgp-encrypted\"; boundary=b\r\n\r\n"
        + $"--b\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n--b\r\nContent-Type: application/octet-stream\r\n\r\n{second}\r\n--b--\r\n";

    public static byte[] Encrypt(ContentCipher cipher)
    {
        CmsRecipient.TryCreate(Bob.Value, KeyTransport.RsaPkcs1, RecipientNaming.IssuerAndSerial, out var recipient, out _).ShouldBeTrue();
        using var encryption = new ContentEncryption(cipher, [recipient!], new ReadOnlySequence<byte>(Letters.Bytes(Letters.Plain)));
        var cms = new byte[encryption.EncodedLength];
        encryption.Write(cms);
        return cms;
    }

    public static ArrivedProtection Arrive(string content)
    {
        Entity.TryParse(Encoding.Latin1.GetBytes(Letters.Fields + content), MimeLimits.Standard, out var entity, out _).ShouldBeTrue();
        return ArrivedProtection.Of(entity!);
    }
}
