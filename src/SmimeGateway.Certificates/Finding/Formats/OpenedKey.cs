using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SmimeGateway.Certificates.Finding.Formats;

/// <summary>What opening a private key came to: a certificate with its key, or the reason why not.</summary>
internal sealed record OpenedKey(X509Certificate2? Certificate, string? Fault)
{
    /// <summary>True when the key could not be read, and another password or copy of the file may do.</summary>
    public bool IsUnread { get; private init; }

    /// <summary>The key in PKCS #8 where it lies beside its certificate; empty where it is joined to it.</summary>
    public ReadOnlyMemory<byte> DetachedKey { get; private init; }

    /// <summary>Reads a key and joins it with its certificate; a key that cannot be read, or is another's, is a fault.</summary>
    public static OpenedKey ReadAndJoin(X509Certificate2 certificate, Func<PrivateKeyReading> read)
    {
        var reading = read();
        return reading.Key is { } key ? Join(certificate, key) : new OpenedKey(null, reading.Fault) { IsUnread = !reading.IsUnsupported };
    }

    /// <summary>Joins a certificate with a key.</summary>
    public static OpenedKey Join(X509Certificate2 certificate, PrivateKey key)
    {
        try
        {
            return !key.IsDetached ? new OpenedKey(key.JoinTo(certificate), null)
                : key.IsOf(certificate) ? new OpenedKey(certificate, null) { DetachedKey = key.Der }
                : Stranger();
        }
        catch (Exception exception) when (exception is ArgumentException or CryptographicException or PlatformNotSupportedException)
        {
            return Stranger();
        }
    }

    private static OpenedKey Stranger() => new(null, "the private key does not belong to the certificate") { IsUnread = true };
}
