using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SmimeGateway.Certificates.Requesting;

/// <summary>A request to an authority for a certificate (PKCS #10, RFC 2986), with the new key it is for.</summary>
/// <param name="Pem">The request, as authorities take it.</param>
/// <param name="KeyPem">The private key in PKCS #8, which nobody but its owner may see.</param>
/// <param name="KeyId">SHA-256 over the public key, in hexadecimal: what a certificate is known by as the answer.</param>
public sealed record SigningRequest(string Pem, string KeyPem, string KeyId)
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";
    private const string EmailProtection = "1.3.6.1.5.5.7.3.4";

    /// <summary>
    /// Makes a key and the request for it. It asks for the purposes that the names are good for: mail for addresses, TLS for hosts.
    /// </summary>
    /// <param name="subject">A distinguished name, such as <c>CN=gateway.example.com, O=Example</c>; a single word is a common name.</param>
    /// <param name="names">Host names, IP addresses and mail addresses for the subject alternative name.</param>
    /// <param name="kind">The kind of key.</param>
    /// <exception cref="FormatException">The subject or a name is none; the message says which.</exception>
    public static SigningRequest Create(string subject, IReadOnlyList<string> names, RequestedKey kind)
    {
        ArgumentException.ThrowIfNullOrEmpty(subject);
        ArgumentNullException.ThrowIfNull(names);
        ArgumentNullException.ThrowIfNull(kind);
        using var key = kind.Generate();
        var request = key is RSA rsa
            ? new CertificateRequest(ReadSubject(subject), rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : new CertificateRequest(ReadSubject(subject), (ECDsa)key, HashAlgorithmName.SHA256);
        var encryption = key is RSA ? X509KeyUsageFlags.KeyEncipherment : X509KeyUsageFlags.KeyAgreement;
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature | encryption, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(PurposesOf(names), critical: false));
        if (names.Count > 0)
        {
            request.CertificateExtensions.Add(AlternativeNames(names));
        }

        return new SigningRequest(request.CreateSigningRequestPem() + "\n", key.ExportPkcs8PrivateKeyPem() + "\n", PendingKeys.IdOf(request.PublicKey));
    }

    private static X500DistinguishedName ReadSubject(string subject)
    {
        try
        {
            var isName = subject.Contains('=', StringComparison.Ordinal);
            var common = new X500DistinguishedNameBuilder();
            if (!isName)
            {
                common.AddCommonName(subject);
            }

            return isName ? new X500DistinguishedName(subject) : common.Build();
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            throw new FormatException($"\"{subject}\" is no distinguished name, such as \"CN=gateway.example.com, O=Example\"");
        }
    }

    private static OidCollection PurposesOf(IReadOnlyList<string> names)
    {
        var purposes = new OidCollection();
        if (names.Count == 0 || names.Any(name => !name.Contains('@', StringComparison.Ordinal)))
        {
            purposes.Add(new Oid(ServerAuthentication));
            purposes.Add(new Oid(ClientAuthentication));
        }

        if (names.Any(name => name.Contains('@', StringComparison.Ordinal)))
        {
            purposes.Add(new Oid(EmailProtection));
        }

        return purposes;
    }

    private static X509Extension AlternativeNames(IReadOnlyList<string> names)
    {
        var builder = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
        {
            if (name.Contains('@', StringComparison.Ordinal))
            {
                builder.AddEmailAddress(MailboxName.TryNormalize(name, out _) && name.All(char.IsAscii)
                    ? name
                    : throw new FormatException($"\"{name}\" is no mail address that a certificate can name"));
            }
            else if (IPAddress.TryParse(name, out var address))
            {
                builder.AddIpAddress(address);
            }
            else
            {
                builder.AddDnsName(IsHost(name) ? name : throw new FormatException($"\"{name}\" is no host name"));
            }
        }

        return builder.Build();
    }

    // A wildcard may stand for the first label (RFC 6125 section 6.4.3).
    private static bool IsHost(string name) =>
        name.Length is > 0 and <= 253
        && (name.StartsWith("*.", StringComparison.Ordinal) ? name[2..] : name).Split('.').All(label =>
            label.Length is > 0 and <= 63 && label.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_'));
}
