using System.Security.Cryptography.X509Certificates;

namespace SmimeGateway.TestSupport;

/// <summary>The judge <c>openssl cms</c>: reads whole messages, with its own MIME reader.</summary>
/// <param name="rootFile">The only authority it trusts, in PEM.</param>
public sealed class OpenSsl(string rootFile)
{
    /// <summary>Verifies a clear or opaque signed message.</summary>
    public async Task<Judgement> JudgeAsync(ReadOnlyMemory<byte> message)
    {
        using var folder = new ScratchFolder();
        return await JudgeAsync(folder, message);
    }

    /// <summary>Verifies a clear or opaque signed message, and returns the content its signature covers, with CR LF line ends.</summary>
    public async Task<(Judgement Judgement, byte[] Content)> OpenAsync(ReadOnlyMemory<byte> message)
    {
        using var folder = new ScratchFolder();
        var judgement = await JudgeAsync(folder, message);
        return (judgement, judgement.IsGood ? Lines.Crlf(await File.ReadAllBytesAsync(folder.Path + "/content")) : []);
    }

    /// <summary>Decrypts a message; null when the key does not open it.</summary>
    public static async Task<byte[]?> DecryptAsync(ReadOnlyMemory<byte> message, X509Certificate2 key)
    {
        using var folder = new ScratchFolder();
        var file = folder.Write("message.eml", message.Span);
        var pem = folder.Write("key.pem", TestPki.MakePem(key));
        var output = folder.Path + "/content";
        var run = await Tool.RunAsync("openssl", ["cms", "-decrypt", "-in", file, "-recip", pem, "-inkey", pem, "-out", output]);
        return run.ExitCode == 0 ? await File.ReadAllBytesAsync(output) : null;
    }

    /// <summary>Everything OpenSSL can say about the CMS object of a message.</summary>
    public static async Task<string> PrintAsync(ReadOnlyMemory<byte> message)
    {
        using var folder = new ScratchFolder();
        return (await Tool.MustAsync("openssl", ["cms", "-cmsout", "-print", "-in", folder.Write("message.eml", message.Span)])).Output;
    }

    private async Task<Judgement> JudgeAsync(ScratchFolder folder, ReadOnlyMemory<byte> message)
    {
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
