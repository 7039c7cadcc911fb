using System.Text;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Cms.Tests.Interop;

/// <summary>gpgsm of GnuPG, with a home of its own that trusts the root of the tests.</summary>
public sealed class GpgsmJudge : IJudge
{
    private readonly ScratchFolder _home = new();

    private GpgsmJudge() => Environment = new Dictionary<string, string> { ["GNUPGHOME"] = _home.Path };

    /// <inheritdoc/>
    public string Name => "GnuPG (gpgsm)";

    /// <summary>What points gpgsm at this home.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; }

    /// <summary>Makes the home and imports the root.</summary>
    public static async Task<GpgsmJudge> OpenAsync()
    {
        var judge = new GpgsmJudge();
        await Tool.MustAsync("chmod", ["700", judge._home.Path]);
        var root = judge._home.Write("root.pem", TestPki.Root.ExportCertificatePem());
        judge._home.Write("trustlist.txt", TestPki.Root.Thumbprint + " S relax\n");
        judge._home.Write("gpgsm.conf", "disable-crl-checks\nbatch\nno-tty\npinentry-mode loopback\n");
        judge._home.Write("gpg-agent.conf", "allow-loopback-pinentry\n");
        (await judge.RunAsync("--import", root)).ExitCode.ShouldBe(0);
        return judge;
    }

    /// <inheritdoc/>
    public async Task<string> FindVersionAsync() => (await RunAsync("--version")).Output.Split('\n')[0].Split(' ')[^1];

    /// <inheritdoc/>
    public async Task<Judgement> JudgeAsync(byte[] cms, byte[]? detachedContent)
    {
        using var folder = new ScratchFolder();
        List<string> arguments = ["--verify", folder.Write("cms.der", cms)];
        if (detachedContent is not null)
        {
            arguments.Add(folder.Write("content", detachedContent));
        }

        var run = await RunAsync([.. arguments]);
        return new Judgement(run.ExitCode == 0 && run.Errors.Contains("Good signature from", StringComparison.Ordinal), [], run.Text);
    }

    /// <summary>Writes a file into this home.</summary>
    public void Write(string name, byte[] content) => _home.Write(name, content);

    /// <summary>Runs gpgsm in this home.</summary>
    public Task<ToolRun> RunAsync(params string[] arguments) => Tool.RunAsync("gpgsm", arguments, environment: Environment);

    /// <summary>Runs gpgsm in this home with a passphrase for the keys it needs.</summary>
    public Task<ToolRun> RunWithPassphraseAsync(string passphrase, params string[] arguments) => Tool.RunAsync(
        "gpgsm", ["--passphrase-fd", "0", .. arguments], Encoding.ASCII.GetBytes(passphrase + "\n"), Environment);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // The agent that gpgsm started would outlive the tests otherwise.
        await Tool.RunAsync("gpgconf", ["--kill", "all"], environment: Environment);
        _home.Dispose();
    }
}
