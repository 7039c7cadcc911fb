namespace SmimeGateway.TestSupport;

/// <summary>The judge <c>openssl cms</c>: reads whole messages, with its own MIME reader.</summary>
/// <param name="rootFile">The only authority it trusts, in PEM.</param>
public sealed class OpenSsl(string rootFile)
{
    /// <summary>Verifies a clear or opaque signed message.</summary>
    public async Task<Judgement> JudgeAsync(ReadOnlyMemory<byte> message)
    {
        using var folder = new ScratchFolder();
        var file = folder.Write("message.eml", message.Span);
        var signer = Path.Combine(folder.Path, "signer.pem");
        var run = await Tool.RunAsync(
            "openssl",
            ["cms", "-verify", "-in", file, "-CAfile", rootFile, "-purpose", "smimesign", "-signer", signer, "-out", folder.Path + "/content"]);
        var isGood = run.ExitCode == 0 && run.Text.Contains("Verification successful", StringComparison.Ordinal);
        return new Judgement(isGood, isGood ? await AddressesAsync(signer) : [], run.Text);
    }

    private static async Task<IReadOnlyList<string>> AddressesAsync(string certificate)
    {
        var run = await Tool.MustAsync("openssl", ["x509", "-in", certificate, "-noout", "-email"]);
        return run.Output.ToLowerInvariant().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
