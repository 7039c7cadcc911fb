using SmimeGateway.TestSupport;

namespace SmimeGateway.Cms.Tests.Interop;

/// <summary>cmsutil of NSS, the engine of Thunderbird, with a database of its own that trusts the root of the tests.</summary>
public sealed class NssJudge : IJudge
{
    private readonly ScratchFolder _home = new();

    private NssJudge()
    {
    }

    /// <inheritdoc/>
    public string Name => "NSS (Thunderbird)";

    /// <summary>The database, as the tools of NSS name it.</summary>
    public string Database => "sql:" + _home.Path;

    /// <summary>Makes the database and imports the root.</summary>
    public static async Task<NssJudge> OpenAsync()
    {
        var judge = new NssJudge();
        var root = judge._home.Write("root.pem", TestPki.Root.ExportCertificatePem());
        await Tool.MustAsync("certutil", ["-N", "-d", judge.Database, "--empty-password"]);
        await Tool.MustAsync("certutil", ["-A", "-d", judge.Database, "-n", "root", "-t", "CT,C,C", "-a", "-i", root]);
        return judge;
    }

    /// <inheritdoc/>
    // The tools of NSS do not tell their version; Debian names the package by it.
    public async Task<string> FindVersionAsync() =>
        (await Tool.MustAsync("dpkg-query", ["-W", "-f", "${Version}", "libnss3"])).Output.Split(':')[^1].Split('-')[0];

    /// <inheritdoc/>
    public async Task<Judgement> JudgeAsync(byte[] cms, byte[]? detachedContent)
    {
        using var folder = new ScratchFolder();
        var printed = folder.Path + "/out";
        List<string> arguments = ["-D", "-d", Database, "-h", "1", "-i", folder.Write("cms.der", cms), "-o", printed];
        if (detachedContent is not null)
        {
            arguments.AddRange(["-c", folder.Write("content", detachedContent)]);
        }

        // The exit code is 0 for a broken signature too; only the status of the signer tells.
        var run = await Tool.RunAsync("cmsutil", arguments);
        var text = run.Text + (File.Exists(printed) ? await File.ReadAllTextAsync(printed) : string.Empty);
        return new Judgement(text.Contains("signer0.status=GoodSignature", StringComparison.Ordinal), [], text);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _home.Dispose();
        return ValueTask.CompletedTask;
    }
}
