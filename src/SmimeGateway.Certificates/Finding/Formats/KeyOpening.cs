using System.Security.Cryptography.X509Certificates;

namespace SmimeGateway.Certificates.Finding.Formats;

/// <summary>
/// A private key that is opened on first use. The password of a key is slow to try by design, so that opening ten thousand keys would delay
/// the start by many seconds, while most of them are not needed within the hour.
/// </summary>
internal sealed class KeyOpening(Func<OpenedKey> open)
{
    private readonly Lazy<OpenedKey> _opened = new(open);

    /// <summary>The certificate with its key, or null when it cannot be opened.</summary>
    public X509Certificate2? Certificate => _opened.Value.Certificate;

    /// <summary>The key where it lies beside the certificate; empty where it is joined to it.</summary>
    public ReadOnlyMemory<byte> DetachedKey => _opened.Value.DetachedKey;

    /// <summary>Why the key cannot be used, or null.</summary>
    public string? Fault => _opened.Value.Fault;

    /// <summary>True when the key could not be read, and another password or copy of the file may do.</summary>
    public bool IsUnread => _opened.Value.IsUnread;
}
