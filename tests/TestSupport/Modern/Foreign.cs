namespace SmimeGateway.TestSupport.Modern;

/// <summary>Programs of others that know keys of the modern kinds: Bouncy Castle for Java, GnuTLS, and Node.js, whose primitives are OpenSSL's.</summary>
public static class Foreign
{
    private const string Classes = "/usr/share/java/bcprov.jar:/usr/share/java/bcutil.jar:/usr/share/java/bcpkix.jar";

    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "TestSupport", "Modern");

    /// <summary>Whether Bouncy Castle finds the detached signature good.</summary>
    public static async Task<bool> JavaVerifiesAsync(ModernIdentity own, byte[] cms, byte[] content)
    {
        using var folder = Prepare(own, content);
        folder.Write("cms.der", cms);
        var run = await JavaAsync(folder, "verify");
        return run is { ExitCode: 0, Output: "good\n" } || (run.Text.Contains("CMSSignerDigestMismatchException", StringComparison.Ordinal) || run.Text.Contains("Unknown signature type requested", StringComparison.Ordinal)
            ? false
            : throw new InvalidOperationException(run.Text));
    }

    /// <summary>A detached signature by Bouncy Castle.</summary>
    public static async Task<byte[]> JavaSignsAsync(ModernIdentity own, string algorithm, byte[] content, bool withAttributes)
    {
        using var folder = Prepare(own, content);
        var run = await JavaAsync(folder, withAttributes ? ["sign", algorithm] : ["sign", algorithm, "bare"]);
        return run.ExitCode != 0 ? throw new InvalidOperationException(run.Text) : await File.ReadAllBytesAsync(Path.Combine(folder.Path, "cms.der"));
    }

    /// <summary>What GnuTLS says of the detached signature.</summary>
    public static async Task<Judgement> GnuTlsJudgesAsync(string authorityPem, byte[] cms, byte[] content)
    {
        using var folder = new ScratchFolder();
        var run = await Tool.RunAsync(
            "certtool",
            ["--p7-verify", "--inder", "--infile", folder.Write("cms.der", cms), "--load-data", folder.Write("content", content),
                "--load-ca-certificate", folder.Write("ca.pem", authorityPem)]);
        return new Judgement(run.ExitCode == 0 && run.Text.Contains("Signature status: ok", StringComparison.Ordinal), [], run.Text);
    }

    /// <summary>A detached signature by GnuTLS.</summary>
    public static async Task<byte[]> GnuTlsSignsAsync(ModernIdentity own, byte[] content)
    {
        using var folder = new ScratchFolder();
        await Tool.MustAsync(
            "certtool",
            ["--p7-detached-sign", "--p7-time", "--load-certificate", folder.Write("own.pem", own.CertificatePem), "--load-privkey", folder.Write("own.key", own.KeyPem),
                "--infile", folder.Write("content", content), "--outder", "--outfile", folder.Path + "/cms.der"]);
        return await File.ReadAllBytesAsync(folder.Path + "/cms.der");
    }

    /// <summary>What Node.js decrypts; null if it cannot.</summary>
    public static async Task<byte[]?> NodeDecryptsAsync(ModernIdentity own, byte[] cms)
    {
        using var folder = Prepare(own, []);
        folder.Write("cms.der", cms);
        var run = await Tool.RunAsync("node", [Path.Combine(Folder, "agree.mjs"), "decrypt"], folder: folder.Path);
        return run.ExitCode == 0 ? await File.ReadAllBytesAsync(Path.Combine(folder.Path, "out")) : null;
    }

    /// <summary>An EnvelopedData by Node.js.</summary>
    public static async Task<byte[]> NodeEncryptsAsync(ModernIdentity own, string derivation, bool withMaterial, byte[] content)
    {
        using var folder = Prepare(own, content);
        string[] arguments = [Path.Combine(Folder, "agree.mjs"), "encrypt", derivation, .. withMaterial ? ["ukm"] : Array.Empty<string>()];
        await Tool.MustAsync("node", arguments, folder: folder.Path);
        return await File.ReadAllBytesAsync(Path.Combine(folder.Path, "cms.der"));
    }

    private static ScratchFolder Prepare(ModernIdentity own, byte[] content)
    {
        var folder = new ScratchFolder();
        folder.Write("own.crt", own.Certificate.RawData);
        folder.Write("own.key", own.Pkcs8);
        folder.Write("content", content);
        return folder;
    }

    private static Task<ToolRun> JavaAsync(ScratchFolder folder, params string[] arguments) =>
        Tool.RunAsync("java", ["-XX:TieredStopAtLevel=1", "-cp", Classes, Path.Combine(Folder, "Sign.java"), .. arguments], folder: folder.Path);
}
