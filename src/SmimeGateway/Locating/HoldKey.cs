using System.Security.Cryptography.X509Certificates;
using SmimeGateway.Cms;

namespace SmimeGateway.Locating;

/// <summary>The gateway's own key, with which messages are sealed that wait for a certificate.</summary>
public sealed class HoldKey : IDisposable
{
    private readonly string _folder;

    private HoldKey(string folder) => _folder = folder;

    /// <summary>The certificate with its private key; read, or made, when it is first needed.</summary>
    /// <exception cref="IOException">The key cannot be read or made.</exception>
    public X509Certificate2 Certificate => throw new NotSupportedException(_folder);

    /// <summary>To seal with.</summary>
    /// <exception cref="IOException">The key cannot be read or made.</exception>
    public CmsRecipient Recipient => throw new NotSupportedException(_folder);

    /// <summary>Names the place of the key, and reads nothing yet.</summary>
    /// <param name="dataFolder">Where the gateway makes a key of its own.</param>
    /// <param name="configured">The configured key, or null.</param>
    public static HoldKey At(string dataFolder, SecretOptions? configured) => new(dataFolder + configured);

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
