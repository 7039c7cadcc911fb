using System.Security.Cryptography.X509Certificates;

namespace SmimeGateway.TestSupport;

/// <summary>The judge cmsutil of NSS, the engine of Thunderbird, with a certificate database that trusts one root. It reads CMS objects, no mail.</summary>
public sealed class Cmsutil : IDisposable
{
    private readonly ScratchFolder _database = new();

    private Cmsutil()
    {
    }

    /// <summary>Makes the database and imports the root.</summary>
    public static async Task<Cmsutil> OpenAsync(string rootFile)
    {
        var judge = new Cmsutil();
        await Tool.MustAsync("certutil", ["-N", "-d", judge.Database, "--empty-password"]);
        await Tool.MustAsync("certutil", ["-A", "-d", judge.Database, "-n", "root", "-t", "CT,C,C", "-a", "-i", rootFile]);
        return judge;
    }

    private string Database => "sql:" + _database.Path;

    /// <summary>Verifies a clear or opaque signed message. It names the signer by common name only, so no addresses are given.</summary>
    public async Task<Judgement> JudgeAsync(ReadOnlyMemory<byte> message)
    {
        var parts = SignedParts.Of(message.Span);
        using var folder = new ScratchFolder();
        List<string> arguments = ["-D", "-d", Database, "-h", "1", "-i", folder.Write("cms.der", parts.Cms), "-o", folder.Path + "/out"];
        if (parts.SignedContent is not null)
        {
            arguments.AddRange(["-c", folder.Write("content", parts.SignedContent)]);
        }

        // The exit code is 0 for a broken signature too; only the status of the signer tells.
        var run = await Tool.RunAsync("cmsutil", arguments);
        var printed = File.Exists(folder.Path + "/out") ? await File.ReadAllTextAsync(folder.Path + "/out") : string.Empty;
        var isGood = run.ExitCode == 0 && (run.Text + printed).Contains("signer0.status=GoodSignature", StringComparison.Ordinal);
        return new Judgement(isGood, [], run.Text + printed);
    }

    /// <summary>Imports a certificate with its key.</summary>
    public async Task ImportAsync(X509Certificate2 certificate)
    {
        using var folder = new ScratchFolder();
        var pem = folder.Write("key.pem", TestPki.MakePem(certificate, null, TestPki.Chain));
        var file = folder.Path + "/key.p12";
        await Tool.MustAsync("openssl", ["pkcs12", "-export", "-in", pem, "-name", certificate.Thumbprint, "-passout", "pass:correct", "-out", file]);
        await Tool.MustAsync("pk12util", ["-i", file, "-d", Database, "-W", "correct"]);
    }

    /// <summary>Decrypts a message with an imported key; null when none opens it.</summary>
    public async Task<byte[]?> DecryptAsync(ReadOnlyMemory<byte> message)
    {
        using var folder = new ScratchFolder();
        var output = folder.Path + "/content";
        var run = await Tool.RunAsync("cmsutil", ["-D", "-d", Database, "-i", folder.Write("cms.der", SignedParts.Of(message.Span).Cms), "-o", output]);
        return run.ExitCode == 0 && File.Exists(output) ? await File.ReadAllBytesAsync(output) : null;
    }

    /// <inheritdoc/>
    public void Dispose() => _database.Dispose();
}
