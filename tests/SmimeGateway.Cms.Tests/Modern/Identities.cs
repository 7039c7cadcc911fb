using System.Buffers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SmimeGateway.TestSupport;
using SmimeGateway.TestSupport.Modern;

namespace SmimeGateway.Cms.Tests.Modern;

/// <summary>One certificate of each modern kind, and what is done with it.</summary>
internal static class Identities
{
    private static readonly Dictionary<ModernKind, Lazy<ModernIdentity>> Known =
        Enum.GetValues<ModernKind>().ToDictionary(kind => kind, kind => new Lazy<ModernIdentity>(() => ModernIdentity.Issue("alice@example.com", kind)));

    public static ModernIdentity Get(ModernKind kind) => Known[kind].Value;

    public static CmsIdentity ForCms(this ModernIdentity identity) => new(identity.Certificate, identity.Pkcs8);

    /// <summary>A certificate and key of RFC 9216; null where the corpora are absent.</summary>
    public static ModernIdentity? Published(string name)
    {
        if (Corpora.Folder("rfc9216") is not { } folder)
        {
            return null;
        }

        var pem = File.ReadAllText(Path.Combine(folder, name + ".key"));
        return new ModernIdentity(
            X509CertificateLoader.LoadCertificateFromFile(Path.Combine(folder, name + ".crt")),
            Convert.FromBase64String(pem[PemEncoding.Find(pem).Base64Data]));
    }

    public static byte[] SignDetached(this ModernIdentity identity, byte[] content, SignerOptions? options = null)
    {
        using var signer = new Signer(identity.ForCms(), options ?? new SignerOptions());
        return signer.SignDetached(new ReadOnlySequence<byte>(content), Some.Time);
    }

    public static byte[] Encrypt(ContentCipher cipher, RecipientNaming naming, params IEnumerable<X509Certificate2> certificates)
    {
        var recipients = certificates.Select(certificate => Recipients.Make(certificate, naming: naming)).ToArray();
        using var encryption = new ContentEncryption(cipher, recipients, Some.ContentSequence);
        var cms = new byte[encryption.EncodedLength];
        encryption.Write(cms);
        encryption.Check(cms).ShouldBeNull();
        Array.ForEach(recipients, recipient => recipient.Dispose());
        return cms;
    }

    public static byte[] Decrypt(this ModernIdentity identity, byte[] cms)
    {
        SomeEnvelope.Read(cms).TryDecrypt([identity.ForCms()], allowWeakCiphers: false, out var content, out var opener, out var fault).ShouldBeTrue(fault?.Reason);
        opener!.Certificate.ShouldBeSameAs(identity.Certificate);
        return content!;
    }
}
