using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography.X509Certificates;
using SmimeGateway.Certificates.Issuing;
using SmimeGateway.Cms;
using SmimeGateway.Settings;

namespace SmimeGateway.Locating;

/// <summary>The gateway's own key, with which messages are sealed that wait for a certificate.</summary>
public sealed class HoldKey : IDisposable
{
    private const string FolderName = "hold";

    private readonly Lock _gate = new();
    private readonly string _folder;
    private readonly SecretOptions? _configured;
    private readonly bool _keepsMade;
    private readonly TimeProvider _time;
    private volatile Opened? _opened;

    private HoldKey(string folder, SecretOptions? configured, bool keepsMade, TimeProvider time)
    {
        _folder = folder;
        _configured = configured;
        _keepsMade = keepsMade;
        _time = time;
    }

    /// <summary>The certificate that messages are sealed for, with its private key; read, or made, when it is first needed.</summary>
    /// <exception cref="IOException">The key cannot be read or made.</exception>
    public X509Certificate2 Certificate => Open().Keys[0];

    /// <summary>All certificates with private keys that may open a seal, the one in use first.</summary>
    /// <exception cref="IOException">The key cannot be read or made.</exception>
    public IReadOnlyList<X509Certificate2> Keys => Open().Keys;

    /// <summary>To seal with.</summary>
    /// <exception cref="IOException">The key cannot be read or made.</exception>
    public CmsRecipient Recipient => Open().Recipient;

    /// <summary>Names the place of the key, and reads nothing yet.</summary>
    /// <param name="dataFolder">Where the gateway makes a key of its own.</param>
    /// <param name="configured">The configured key, or null.</param>
    /// <param name="time">The clock; null for the system's.</param>
    /// <param name="keepsMade">False for a rehearsal, which writes nothing: a key that is not there is made for it alone.</param>
    public static HoldKey At(string dataFolder, SecretOptions? configured, TimeProvider? time = null, bool keepsMade = true) =>
        new(Path.Combine(dataFolder, FolderName), configured, keepsMade, time ?? TimeProvider.System);

    /// <summary>The file of the key that the gateway makes.</summary>
    public static string FileIn(string dataFolder) => SealingKey.FileIn(Path.Combine(dataFolder, FolderName));

    /// <inheritdoc/>
    public void Dispose() => _opened?.Dispose();

    // A failure is not kept: an administrator may mend it while mail is deferred.
    private Opened Open()
    {
        if (_opened is { } opened)
        {
            return opened;
        }

        lock (_gate)
        {
            return _opened ??= Opened.With(Read());
        }
    }

    private IReadOnlyList<X509Certificate2> Read()
    {
        if (_configured is null)
        {
            return SealingKey.OpenOrMake(_folder, _keepsMade, _time.GetUtcNow());
        }

        var keys = _configured.File is { } file
            ? SealingKey.ReadFile(file)
            : SealingKey.Read(Environment.GetEnvironmentVariable(_configured.Env!) ?? string.Empty, $"the environment variable {_configured.Env}");

        // What was sealed before a key was configured waits for the key of then.
        return File.Exists(SealingKey.FileIn(_folder)) ? [.. keys, .. SealingKey.ReadFile(SealingKey.FileIn(_folder))] : keys;
    }

    private sealed class Opened : IDisposable
    {
        private Opened(IReadOnlyList<X509Certificate2> keys, CmsRecipient recipient)
        {
            Keys = keys;
            Recipient = recipient;
        }

        public IReadOnlyList<X509Certificate2> Keys { get; }

        public CmsRecipient Recipient { get; }

        [SuppressMessage("Reliability", "CA2000", Justification = "It lives as long as the key.")]
        public static Opened With(IReadOnlyList<X509Certificate2> keys) =>
            CmsRecipient.TryCreate(keys[0], KeyTransport.OaepSha256, RecipientNaming.IssuerAndSerial, out var recipient, out var fault)
                ? new Opened(keys, recipient)
                : throw new IOException($"The key for held messages cannot be encrypted to: {fault.Reason}");

        public void Dispose()
        {
            Recipient.Dispose();
            foreach (var key in Keys)
            {
                key.Dispose();
            }
        }
    }
}
