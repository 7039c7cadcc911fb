using SmimeGateway.TestSupport;

namespace SmimeGateway.Cms.Tests.Interop;

/// <summary><c>openssl cms</c>, trusting the root of the tests.</summary>
public sealed class OpenSslJudge : IJudge
{
    private readonly ScratchFolder _home = new();
    private readonly string _root;

    public OpenSslJudge() => _root = _home.Write("root.pem", TestPki.Root.ExportCertificatePem());

    /// <inheritdoc/>
    public string Name => "OpenSSL";

    /// <inheritdoc/>
    public async Task<string> FindVersionAsync() => (await Tool.MustAsync("openssl", ["version"])).Output.Split(' ')[1];

    /// <inheritdoc/>
    public async Task<Judgement> JudgeAsync(byte[] cms, byte[]? detachedContent)
    {
        using var folder = new ScratchFolder();
        List<string> arguments =
        [
            "cms", "-verify", "-binary", "-inform", "DER", "-in", folder.Write("cms.der", cms),
            "-CAfile", _root, "-purpose", "smimesign", "-out", folder.Path + "/out",
        ];
        if (detachedContent is not null)
        {
            arguments.AddRange(["-content", folder.Write("content", detachedContent)]);
        }

        var run = await Tool.RunAsync("openssl", arguments);
        var isGood = run.ExitCode == 0 && run.Text.Contains("Verification successful", StringComparison.Ordinal);
        return new Judgement(isGood, [], run.Text);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _home.Dispose();
        return ValueTask.CompletedTask;
    }
}
