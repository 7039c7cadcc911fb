using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;

namespace SmimeGateway.Certificates.Finding.Formats;

/// <summary>The certificates and keys of a PKCS #12 file, each with the identifier that ties them together.</summary>
internal sealed class Pkcs12Bags
{
    /// <summary>Bags may hold bags; nobody nests them deeper than one.</summary>
    private const int MaxDepth = 4;

    private const string LocalKeyId = "1.2.840.113549.1.9.21";

    private readonly List<Pkcs12CertBag> _certificates = [];

    /// <summary>The keys, with their identifier or null.</summary>
    public List<(string? KeyId, ReadOnlyMemory<byte> Key, bool IsEncrypted)> Keys { get; } = [];

    /// <summary>Takes everything of an opened part.</summary>
    /// <exception cref="CryptographicException">The part is malformed.</exception>
    public void Add(Pkcs12SafeContents part) => Add(part, 0);

    /// <summary>Reads the certificates, side by side, each with the identifier of its key or null.</summary>
    /// <param name="unreadable">How many were no X.509, or damaged; the others remain good.</param>
    public IReadOnlyList<(string? KeyId, X509Certificate2 Certificate)> ReadCertificates(out int unreadable)
    {
        var read = _certificates.AsParallel().AsOrdered().Select(TryRead).OfType<(string? KeyId, X509Certificate2 Certificate)>().ToList();
        unreadable = _certificates.Count - read.Count;
        return read;
    }

    private void Add(Pkcs12SafeContents part, int depth)
    {
        if (depth == MaxDepth)
        {
            throw new CryptographicException("Bags are nested too deep.");
        }

        foreach (var bag in part.GetBags())
        {
            switch (bag)
            {
                case Pkcs12CertBag certificate:
                    _certificates.Add(certificate);
                    break;
                case Pkcs12ShroudedKeyBag key:
                    Keys.Add((FindKeyId(key), key.EncryptedPkcs8PrivateKey, true));
                    break;
                case Pkcs12KeyBag key:
                    Keys.Add((FindKeyId(key), key.Pkcs8PrivateKey, false));
                    break;
                case Pkcs12SafeContentsBag { SafeContents: { } inner }:
                    Add(inner, depth + 1);
                    break;
                default:
                    break;
            }
        }
    }

    private static (string? KeyId, X509Certificate2 Certificate)? TryRead(Pkcs12CertBag bag)
    {
        try
        {
            if (!bag.IsX509Certificate)
            {
                return null;
            }

            var certificate = bag.GetCertificate();

            // Read here, side by side; everybody after this finds the traits in the cache.
            _ = CertificateTraits.Read(certificate);
            return (FindKeyId(bag), certificate);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static string? FindKeyId(Pkcs12SafeBag bag)
    {
        foreach (var attribute in bag.Attributes)
        {
            if (attribute.Oid.Value == LocalKeyId && attribute.Values.Count == 1)
            {
                return Convert.ToHexString(attribute.Values[0].RawData);
            }
        }

        return null;
    }
}
