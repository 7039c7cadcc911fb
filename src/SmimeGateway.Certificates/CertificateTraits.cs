using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SmimeGateway.Certificates;

/// <summary>What a certificate says of itself, as far as mail needs it; parsed once.</summary>
public sealed class CertificateTraits
{
    private const string EmailProtection = "1.3.6.1.5.5.7.3.4";
    private const string AnyPurpose = "2.5.29.37.0";

    /// <summary>Nobody announces more; a real list has some hundred octets.</summary>
    private const int MaxCapabilityBytes = 10_000;

    private static readonly ConditionalWeakTable<X509Certificate2, CertificateTraits> Cache = [];

    private string[] _addressKeys = [];

    private CertificateTraits(X509Certificate2 certificate)
    {
        Thumbprint = certificate.Thumbprint;
        SerialNumber = certificate.SerialNumber;
        Subject = PrintableText.Of(certificate.Subject);
        Issuer = PrintableText.Of(certificate.Issuer);
        NotBefore = new DateTimeOffset(certificate.NotBefore).ToUniversalTime();
        NotAfter = new DateTimeOffset(certificate.NotAfter).ToUniversalTime();
    }

    private CertificateTraits()
    {
    }

    /// <summary>Why the certificate cannot be used at all, in half a sentence, or null.</summary>
    public string? Fault { get; private set; }

    /// <summary>The addresses in the subject alternative name (rfc822Name, SmtpUTF8Mailbox) and in the subject (E=), each once.</summary>
    public IReadOnlyList<string> Addresses { get; private set; } = [];

    /// <summary>The first moment of its life.</summary>
    public DateTimeOffset NotBefore { get; }

    /// <summary>The last moment of its life.</summary>
    public DateTimeOffset NotAfter { get; }

    /// <summary>Key usage and extended key usage allow signatures on mail.</summary>
    public bool AllowsSigning { get; private set; }

    /// <summary>Key usage and extended key usage allow mail to be encrypted to it.</summary>
    public bool AllowsEncryption { get; private set; }

    /// <summary>Its basic constraints make it an authority.</summary>
    public bool IsAuthority { get; private set; }

    /// <summary>It is signed by its own key, as roots are; an authority's certificate for another of its own keys is not, though it names itself as well.</summary>
    public bool IsSelfSigned { get; private set; }

    /// <summary>SHA-1 over the certificate, in upper case hexadecimal.</summary>
    public string Thumbprint { get; } = "";

    /// <summary>The name of the owner, fit for a log.</summary>
    public string Subject { get; } = "";

    /// <summary>The name of the issuer, fit for a log.</summary>
    public string Issuer { get; } = "";

    /// <summary>The serial number, in upper case hexadecimal.</summary>
    public string SerialNumber { get; } = "";

    /// <summary>The kind and size of the key, such as <c>RSA 2048</c> or <c>ECDSA P-256</c>.</summary>
    public string KeyAlgorithm { get; private set; } = "";

    /// <summary>Why its key is too short for today, in half a sentence, or null.</summary>
    public string? KeyWeakness => HasWeakKey ? $"its key, {KeyAlgorithm}, is too short for today" : null;

    /// <summary>Why its issuer's signature proves nothing today, in half a sentence, or null.</summary>
    public string? SignatureWeakness { get; private set; }

    /// <summary>The S/MIME capabilities of its owner (RFC 4262) in DER; empty when it does not tell them.</summary>
    internal ReadOnlyMemory<byte> Capabilities { get; private set; }

    /// <summary>Its extended key usage includes mail, or is not stated.</summary>
    internal bool IsForMail { get; private set; } = true;

    /// <summary>Its key is shorter than it should be today.</summary>
    internal bool HasWeakKey { get; private set; }

    /// <summary>What keys of its kind can do.</summary>
    internal KeyUses KeyUses { get; private set; }

    /// <summary>How few programs read signatures of its kind of key: 0 where all do.</summary>
    internal int Rarity { get; private set; }

    /// <summary>No quantum computer is known to break its key.</summary>
    public bool IsPostQuantum { get; private set; }

    /// <summary>The addresses in the form in which they are compared.</summary>
    internal IReadOnlyList<string> AddressKeys => _addressKeys;

    /// <summary>The traits of a certificate, read once for each object; a hostile certificate has a <see cref="Fault"/>.</summary>
    public static CertificateTraits Read(X509Certificate2 certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        return Cache.GetValue(certificate, static key => Parse(key));
    }

    /// <summary>True when the certificate names the address; see <see cref="MailboxName"/> for what counts as equal.</summary>
    public bool HasAddress(string address) => MailboxName.TryNormalize(address, out var key) && HasAddressKey(key);

    /// <summary>True within the life of the certificate.</summary>
    public bool IsValidAt(DateTimeOffset moment) => NotBefore <= moment && moment <= NotAfter;

    /// <summary>Whole days until the certificate expires; negative once it has.</summary>
    public int DaysLeft(DateTimeOffset now) => (int)Math.Floor((NotAfter - now).TotalDays);

    internal bool HasAddressKey(string key) => Array.IndexOf(_addressKeys, key) >= 0;

    private static CertificateTraits Parse(X509Certificate2 certificate)
    {
        CertificateTraits traits;
        try
        {
            traits = new CertificateTraits(certificate);
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            return new CertificateTraits { Fault = "its names or dates cannot be read" };
        }

        try
        {
            // Also of a key that cannot be used it is told whose it is, so that the owner's name leads to the reason.
            var keyFault = traits.ReadKey(certificate);
            var extensionFault = traits.ReadExtensions(certificate);
            traits.IsSelfSigned = SelfSignature.IsOn(certificate);
            traits.SignatureWeakness = IssuerDigest.IsBroken(certificate, out var digest) ? $"it was issued with {digest}, which is broken" : null;
            traits.Fault = keyFault ?? extensionFault;
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            traits.Fault = "its key or extensions cannot be read";
        }

        if (traits.Fault is not null)
        {
            (traits.AllowsSigning, traits.AllowsEncryption) = (false, false);
        }

        return traits;
    }

    private string? ReadKey(X509Certificate2 certificate)
    {
        var key = CertificateKey.Describe(certificate);
        KeyAlgorithm = key.Name;
        KeyUses = key.Uses;
        Rarity = key.Rarity;
        IsPostQuantum = key.IsPostQuantum;
        HasWeakKey = key.IsWeak;
        return key.Fault;
    }

    private string? ReadExtensions(X509Certificate2 certificate)
    {
        var usage = X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment | X509KeyUsageFlags.KeyAgreement;
        X509Extension? alternativeName = null;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var extension in certificate.Extensions)
        {
            var identifier = extension.Oid?.Value ?? "";
            if (!seen.Add(identifier))
            {
                // RFC 5280, section 4.2: which of the two is meant would depend on the reader.
                return $"the extension {identifier} stands in it twice";
            }

            switch (identifier)
            {
                case "2.5.29.15":
                    usage = new X509KeyUsageExtension(extension, extension.Critical).KeyUsages;
                    break;
                case "2.5.29.37":
                    var purposes = new X509EnhancedKeyUsageExtension(extension, extension.Critical).EnhancedKeyUsages;
                    IsForMail = purposes.Cast<Oid>().Any(purpose => purpose.Value is EmailProtection or AnyPurpose);
                    break;
                case "2.5.29.19":
                    IsAuthority = new X509BasicConstraintsExtension(extension, extension.Critical).CertificateAuthority;
                    break;
                case "2.5.29.17":
                    alternativeName = extension;
                    break;
                case "1.2.840.113549.1.9.15" when extension.RawData.Length <= MaxCapabilityBytes:
                    Capabilities = extension.RawData;
                    break;
                default:
                    break;
            }
        }

        AllowsSigning = IsForMail && KeyUses.HasFlag(KeyUses.Signing) && (usage & (X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.NonRepudiation)) != 0;
        AllowsEncryption = IsForMail
            && ((KeyUses.HasFlag(KeyUses.Transport) && usage.HasFlag(X509KeyUsageFlags.KeyEncipherment))
                || (KeyUses.HasFlag(KeyUses.Agreement) && usage.HasFlag(X509KeyUsageFlags.KeyAgreement)));
        if (!CertificateAddresses.TryRead(alternativeName?.RawData, certificate.SubjectName.RawData, out var addresses, out var keys, out var fault))
        {
            return fault;
        }

        Addresses = addresses;
        _addressKeys = keys;
        return null;
    }
}
