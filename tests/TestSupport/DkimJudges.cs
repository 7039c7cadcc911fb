using System.Text;
using System.Text.Json;
using MimeKit;
using MimeKit.Cryptography;
using Org.BouncyCastle.Crypto;

namespace SmimeGateway.TestSupport;

/// <summary>Other people's verifiers of DKIM: Debian's dkimpy and MimeKit. The DNS is a list of records.</summary>
public static class DkimJudges
{
    // The library is Debian's, and belongs to Debian's interpreter.
    private const string Python = "/usr/bin/python3";

    /// <summary>What dkimpy says of each signature of each message, from the top: "good", or what is wrong.</summary>
    /// <param name="records">The text of each record by its name, such as <c>s1._domainkey.example.com</c>.</param>
    /// <param name="messages">The messages.</param>
    public static async Task<IReadOnlyList<string[]>> DkimpyAsync(IReadOnlyDictionary<string, string> records, IReadOnlyList<byte[]> messages)
    {
        ArgumentNullException.ThrowIfNull(messages);
        var script = Path.Combine(Repository.Root, "tests", "TestSupport", "Readers", "verify_dkim.py");
        var input = JsonSerializer.Serialize(records) + "\n" + string.Concat(messages.Select(message => Convert.ToBase64String(message) + "\n"));
        var run = await Tool.RunAsync(Python, [script], Encoding.ASCII.GetBytes(input), deadline: TimeSpan.FromMinutes(5));
        return run.ExitCode == 0
            ? [.. run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<string[]>(line)!)]
            : throw new InvalidOperationException($"dkimpy failed: {run.Text}");
    }

    /// <summary>What MimeKit says of each signature of a message, from the top.</summary>
    public static async Task<string[]> MimeKitAsync(IReadOnlyDictionary<string, string> records, byte[] octets)
    {
        ArgumentNullException.ThrowIfNull(octets);
        using var stream = new MemoryStream(octets);
        using var message = await MimeMessage.LoadAsync(stream);
        var verifier = new DkimVerifier(new Records(records));
        var verdicts = new List<string>();
        foreach (var header in message.Headers.Where(header => header.Id == HeaderId.DkimSignature))
        {
            verdicts.Add(await verifier.VerifyAsync(message, header) ? "good" : "bad");
        }

        return [.. verdicts];
    }

    private sealed class Records(IReadOnlyDictionary<string, string> records) : DkimPublicKeyLocatorBase
    {
        public override AsymmetricKeyParameter LocatePublicKey(string methods, string domain, string selector, CancellationToken cancellationToken = default) =>
            GetPublicKey(records[$"{selector}._domainkey.{domain}"]);

        public override Task<AsymmetricKeyParameter> LocatePublicKeyAsync(
            string methods, string domain, string selector, CancellationToken cancellationToken = default) =>
            Task.FromResult(LocatePublicKey(methods, domain, selector, cancellationToken));
    }
}
