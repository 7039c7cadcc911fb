using System.Security.Cryptography.X509Certificates;
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

    /// <summary>
    /// Imports a certificate with its RSA key. The key is put where the agent keeps keys: of some hundred key files, version 2.2 now and then
    /// imports one without its secret part.
    /// </summary>
    public async Task ImportAsync(X509Certificate2 certificate)
    {
        using var folder = new ScratchFolder();
        await RunAsync("--import", folder.Write("certificates.pem", TestPki.MakeCertificatePem([TestPki.Public(certificate), .. TestPki.Chain])));
        var keys = await RunAsync("--list-keys", "--with-colons", "--with-keygrip");
        var grip = Keygrip().Match(keys.Output[keys.Output.IndexOf($":{certificate.Thumbprint}:", StringComparison.Ordinal)..]).Groups[1].Value;
        using var rsa = certificate.GetRSAPrivateKey()!;
        _home.Write($"private-keys-v1.d/{grip}.key", LibgcryptKey.Encode(rsa));
    }

    /// <summary>Decrypts a message with an imported key; null when none opens it.</summary>
    public async Task<byte[]?> DecryptAsync(ReadOnlyMemory<byte> message)
    {
        using var folder = new ScratchFolder();
        var output = folder.Path + "/content";
        await RunAsync("--decrypt", "--output", output, folder.Write("cms.der", SignedParts.Of(message.Span).Cms));
        // The exit code tells of every recipient before ours whose certificate it does not know, and nothing of whether it decrypted.
        return File.Exists(output) && await File.ReadAllBytesAsync(output) is { Length: > 0 } content ? content : null;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // The agent that gpgsm started for the trust list would outlive the tests otherwise.
        await Tool.RunAsync("gpgconf", ["--kill", "all"], environment: _environment);
        _home.Dispose();
    }

    private Task<ToolRun> RunAsync(params string[] arguments) => Tool.RunAsync("gpgsm", arguments, environment: _environment);

    [GeneratedRegex("^grp:.*?:([0-9A-F]{40}):", RegexOptions.Multiline)]
    private static partial Regex Keygrip();

    [GeneratedRegex("aka \"<?([^\">]+@[^\">]+)>?\"")]
    private static partial Regex Address();
}
