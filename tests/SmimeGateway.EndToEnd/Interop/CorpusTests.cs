using System.Text;
using System.Text.RegularExpressions;
using SmimeGateway.TestSupport;

namespace SmimeGateway.EndToEnd.Interop;

/// <summary>
/// Hundreds of messages that nobody here wrote, many of them malformed, through the real gateway: unchanged where nothing is to be
/// signed; where it is, they verify or are refused with a reason in the log.
/// </summary>
public sealed partial class CorpusTests(Judges judges) : IClassFixture<Judges>
{
    private const string Everybody = "\"senders\": [{ \"address\": \"*\", \"clients\": [\"127.0.0.0/8\"] }]";

    [CorpusFact("mime")]
    public async Task Every_message_passes_unchanged_where_no_rule_signs()
    {
        using var home = new GatewayHome();
        await using var nextHop = new CollectingNextHop();
        home.Configure(Members.Join(Everybody, "\"rules\": []", Members.Relay(nextHop.Port)));
        await using var gateway = await GatewayProcess.StartAsync(home);
        var deviations = new List<string>();
        var passed = 0;

        foreach (var (name, message) in Messages())
        {
            var (reply, received) = await SendAsync(gateway, nextHop, message);
            var mayPass = IsTransportable(message);
            // This next hop takes no long lines, and a mailbox line means nothing in the middle of a header.
            if (received is not null && !IsMessageBelowOneReceivedField(received, AsField(message)) && !HasLongLine(message))
            {
                deviations.Add($"{name}: changed");
            }
            else if (mayPass != reply.Code is 250)
            {
                deviations.Add($"{name}: {(mayPass ? "refused" : "accepted")} with {reply}");
            }

            passed += reply.Code == 250 ? 1 : 0;
        }

        deviations.ShouldBeEmpty();
        passed.ShouldBeGreaterThan(120);
    }

    [CorpusFact("mime")]
    public async Task Every_message_verifies_where_a_rule_signs_or_is_refused_with_a_reason()
    {
        using var home = new GatewayHome();
        await using var nextHop = new CollectingNextHop();
        home.Configure(Members.Join(Everybody, Members.Office(home, TestPki.Issue("office@example.com", KeyKind.EcP256)), Members.Relay(nextHop.Port), """
            "rules": [{ "name": "sign", "when": { "sender": "*" }, "alreadyProtected": "keep",
              "sign": { "with": ["office"], "choose": { "address": "office@example.com" }, "whenMissing": "reject" } }]
            """));
        await using var gateway = await GatewayProcess.StartAsync(home);
        var deviations = new List<string>();
        var signed = 0;
        var refusals = 0;

        foreach (var (name, message) in Messages().SelectMany(WithAuthor))
        {
            var (reply, received) = await SendAsync(gateway, nextHop, message);
            if (received is null)
            {
                // The reply names the reason to the client; the log must name it to the administrator.
                refusals++;
                try
                {
                    await Eventually.TrueAsync(() => CountRefusals(gateway.Log) >= refusals);
                }
                catch (TimeoutException)
                {
                    deviations.Add($"{name}: {reply} without a reason in the log");
                }
            }
            else if (received.AsSpan().EndsWith(message))
            {
                // Kept as it is: only right for what is protected already.
                if (!IsProtected(message))
                {
                    deviations.Add($"{name}: relayed unsigned");
                }
            }
            else
            {
                var verdict = await judges.OpenSsl.JudgeAsync(received);
                if (!verdict.IsGoodFor("office@example.com"))
                {
                    deviations.Add($"{name}: {verdict.Text.Trim()}");
                }

                signed++;
            }
        }

        deviations.ShouldBeEmpty();
        signed.ShouldBeGreaterThan(100);
    }

    /// <summary>
    /// The message, and where it names no author, as half of them, the same with one: what cannot be signed for anybody is refused before
    /// its structure is looked at, and the structure is what this is about.
    /// </summary>
    private static IEnumerable<(string Name, byte[] Message)> WithAuthor((string Name, byte[] Message) original)
    {
        yield return original;
        if (!FromField().IsMatch(Encoding.Latin1.GetString(original.Message)))
        {
            yield return (original.Name + " with an author", [.. "From: sender@example.com\r\n"u8, .. original.Message]);
        }
    }

    private static int CountRefusals(string log) => RefusalLine().Count(log);

    private static IEnumerable<(string Name, byte[] Message)> Messages()
    {
        var folder = Corpora.Folder("mime")!;
        return Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(file => file.EndsWith(".eml", StringComparison.Ordinal) || file.EndsWith(".msg", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(file => (Path.GetRelativePath(folder, file), Corpora.ReadMail(file)));
    }

    private static async Task<(RawReply Reply, byte[]? Received)> SendAsync(GatewayProcess gateway, CollectingNextHop nextHop, byte[] message)
    {
        nextHop.Clear();
        await using var dialog = await gateway.DialogAsync();
        var reply = await dialog.SendAsync("sender@example.com", ["bob@example.net"], message, " BODY=8BITMIME SMTPUTF8");
        return (reply, reply.Code == 250 ? (await nextHop.ReceivesAsync(1))[0].Content : null);
    }

    /// <summary>True when nothing but one Received field was added, above; a last line without end got one, as SMTP needs it.</summary>
    private static bool IsMessageBelowOneReceivedField(byte[] received, byte[] message)
    {
        var ended = message.AsSpan().EndsWith("\r\n"u8) || message.Length == 0 ? message : [.. message, .. "\r\n"u8];
        var added = received.AsSpan(0, Math.Max(0, received.Length - ended.Length));
        return received.AsSpan().EndsWith(ended) && ReceivedField().IsMatch(Encoding.Latin1.GetString(added));
    }

    [GeneratedRegex("^From:", RegexOptions.IgnoreCase | RegexOptions.Multiline)]
    private static partial Regex FromField();

    [GeneratedRegex("octets, refused [45][0-9][0-9] [45]\\.[0-9.]+ \\S")]
    private static partial Regex RefusalLine();

    [GeneratedRegex("^Received: [^\r\n]*(\r\n[ \t][^\r\n]*)*\r\n$")]
    private static partial Regex ReceivedField();

    private static byte[] AsField(byte[] message) => message.AsSpan().StartsWith("From "u8) ? [.. "X-Mailbox-Line: "u8, .. message] : message;

    private static bool HasLongLine(byte[] message) => Lines(message).Any(line => line.Length > 998);

    /// <summary>What SMTP may carry at all: no bare CR or LF, no NUL.</summary>
    private static bool IsTransportable(byte[] message) => !Lines(message).Any(line => line.AsSpan().IndexOfAny('\r', '\n', '\0') >= 0);

    private static string[] Lines(byte[] message) => Encoding.Latin1.GetString(message).Split("\r\n");

    private static bool IsProtected(byte[] message)
    {
        var text = Encoding.Latin1.GetString(message);
        string[] signs = ["multipart/signed", "multipart/encrypted", "pkcs7-mime", "-----BEGIN PGP"];
        return signs.Any(sign => text.Contains(sign, StringComparison.OrdinalIgnoreCase));
    }
}
