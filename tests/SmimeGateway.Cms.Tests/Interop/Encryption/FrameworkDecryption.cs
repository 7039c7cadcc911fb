using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;

namespace SmimeGateway.Cms.Tests.Interop.Encryption;

/// <summary>EnvelopedCms of .NET.</summary>
public sealed class FrameworkDecryption : IDecryptionJudge
{
    /// <inheritdoc/>
    public string Name => ".NET EnvelopedCms";

    /// <inheritdoc/>
    public Task<IReadOnlyList<Decryption>> DecryptAsync(IReadOnlyList<DecryptionCase> cases) =>
        Task.FromResult<IReadOnlyList<Decryption>>([.. cases.Select(Decrypt)]);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static Decryption Decrypt(DecryptionCase one)
    {
        try
        {
            var enveloped = new EnvelopedCms();
            enveloped.Decode(one.Cms);
            enveloped.Decrypt([one.Reader]);
            return new Decryption(enveloped.ContentInfo.Content, string.Empty);
        }
        catch (Exception trouble) when (trouble is CryptographicException or PlatformNotSupportedException)
        {
            return new Decryption(null, trouble.Message);
        }
    }
}
