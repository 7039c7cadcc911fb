using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SmimeGateway.Certificates.Finding.Formats;

/// <summary>What opening a private key came to: a certificate with its key, or the reason why not.</summary>
internal sealed record OpenedKey(X509Certificate2? Certificate, string? Fault)
{
    /// <summary>True when the key could not be read, and another password or copy of the file may do.</summary>
    public bool IsUnread { get; private init; }

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
            return new OpenedKey(key.JoinTo(certificate), null);
        }
        catch (Exception exception) when (exception is ArgumentException or CryptographicException or PlatformNotSupportedException)
        {
            return new OpenedKey(null, "the private key does not belong to the certificate") { IsUnread = true };
        }
    }
}
