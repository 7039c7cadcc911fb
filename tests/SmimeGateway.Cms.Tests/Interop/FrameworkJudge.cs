using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Cms.Tests.Interop;

/// <summary>SignedCms of .NET.</summary>
public sealed class FrameworkJudge : IJudge
{
    /// <inheritdoc/>
    public string Name => ".NET SignedCms";

    /// <inheritdoc/>
    public Task<string> FindVersionAsync() => Task.FromResult(Environment.Version.Major + ".0");

    /// <inheritdoc/>
    public Task<Judgement> JudgeAsync(byte[] cms, byte[]? detachedContent)
    {
        try
        {
            var signed = detachedContent is null ? new SignedCms() : new SignedCms(new ContentInfo(detachedContent), detached: true);
            signed.Decode(cms);
            signed.CheckSignature(verifySignatureOnly: true);
            return Task.FromResult(new Judgement(true, [], string.Empty));
        }
        catch (Exception exception) when (exception is CryptographicException or PlatformNotSupportedException)
        {
            return Task.FromResult(new Judgement(false, [], exception.Message));
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
