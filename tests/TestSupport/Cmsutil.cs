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

    /// <inheritdoc/>
    public void Dispose() => _database.Dispose();
}
