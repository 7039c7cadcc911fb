using System.Text.RegularExpressions;

namespace SmimeGateway.TestSupport;

/// <summary>
/// The judge gpgsm (GnuPG), with a home of its own that trusts one root. It reads CMS objects, no mail. What version 2.2 cannot
/// verify whoever signed: P-521, ECDSA with a digest shorter than the curve, RSA-PSS with SHA-1.
/// </summary>
public sealed partial class Gpgsm : IAsyncDisposable
{
    private readonly ScratchFolder _home;
    private readonly Dictionary<string, string> _environment;

    private Gpgsm(ScratchFolder home)
    {
        _home = home;
        _environment = new Dictionary<string, string> { ["GNUPGHOME"] = home.Path };
    }

    /// <summary>Makes the home and imports the root.</summary>
    public static async Task<Gpgsm> OpenAsync(string rootFile)
    {
        var home = new ScratchFolder();
        await Tool.MustAsync("chmod", ["700", home.Path]);
        var fingerprint = await Tool.MustAsync("openssl", ["x509", "-in", rootFile, "-noout", "-fingerprint", "-sha1"]);
        home.Write("trustlist.txt", fingerprint.Output.Split('=')[1].Trim() + " S relax\n");
        home.Write("gpgsm.conf", "disable-crl-checks\nbatch\nno-tty\n");
        var judge = new Gpgsm(home);
        var import = await Tool.RunAsync("gpgsm", ["--import", rootFile], environment: judge._environment);
        return import.ExitCode == 0 ? judge : throw new InvalidOperationException("gpgsm --import: " + import.Text);
    }

    /// <summary>Verifies a clear or opaque signed message.</summary>
    public async Task<Judgement> JudgeAsync(ReadOnlyMemory<byte> message)
    {
        var parts = SignedParts.Of(message.Span);
        using var folder = new ScratchFolder();
        List<string> arguments = ["--verify", folder.Write("cms.der", parts.Cms)];
        if (parts.SignedContent is not null)
        {
            arguments.Add(folder.Write("content", parts.SignedContent));
        }

        var run = await Tool.RunAsync("gpgsm", arguments, environment: _environment);
        var isGood = run.ExitCode == 0 && run.Errors.Contains("Good signature from", StringComparison.Ordinal);
        return new Judgement(isGood, [.. Address().Matches(run.Errors).Select(match => match.Groups[1].Value.ToLowerInvariant())], run.Text);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // The agent that gpgsm started for the trust list would outlive the tests otherwise.
        await Tool.RunAsync("gpgconf", ["--kill", "all"], environment: _environment);
        _home.Dispose();
    }

    [GeneratedRegex("aka \"<?([^\">]+@[^\">]+)>?\"")]
    private static partial Regex Address();
}
