using System.Text;
using SmimeGateway.Reporting;
using SmimeGateway.Smtp;
using static SmimeGateway.Tests.Reporting.Composing.SomeReport;

namespace SmimeGateway.Tests.Reporting.Composing;

/// <summary>Random text of the worst sort in every place that strangers fill: the structure of the report never changes.</summary>
public sealed class HostileTextTests
{
    private static readonly string[] Pieces =
    [
        "\r\n", "\n", "\r", "\0", " ", "  ", "\t", "a", "550 ", "-", "--=_", "+0D+0A", "+2B", "+", "=", "=20", "\\", @"\x{0A}", @"\x{F6}", @"\x{", ";",
        ":", "Action: delivered", "(", "\"", "<>", "ü", "\u2028", "\u0085", "\u202e", "\ud83d\ude00", "\ud800", "\ufeff", new('x', 200), new(' ', 200),
    ];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_structure_never_changes(bool isUtf8)
    {
        var random = new Random(20261121);
        for (var run = 0; run < 500; run++)
        {
            var message = Message("alice@example.com", Encoding.Latin1.GetBytes($"Subject: x\r\nX-Evil: {Evil(random).ReplaceLineEndings(" ")}\r\n\r\nBody"));
            message = message with { Envelope = message.Envelope with { EnvelopeId = Evil(random), SmtpUtf8 = isUtf8 } };

            var report = Write(
                ReportKind.Refused,
                message,
                Recipient("bob@example.net", DeliveryAction.Failed, "5.1.1", Evil(random), Evil(random), Evil(random)),
                Recipient("dömi@example.net", DeliveryAction.Failed, "5.1.1", Evil(random), Evil(random), "utf-8;" + Evil(random)));

            StructureOf(report).ShouldBe(Expected(isUtf8), $"run {run}");
        }
    }

    private static string Expected(bool isUtf8) =>
        $"""
        text/plain; charset=utf-8
        message/{(isUtf8 ? "global-" : string.Empty)}delivery-status
        Original-Envelope-Id Reporting-MTA Arrival-Date X-SmimeGateway-Queue-Id
        Original-Recipient Final-Recipient Action Status Remote-MTA Diagnostic-Code Last-Attempt-Date
        Original-Recipient Final-Recipient Action Status Remote-MTA Diagnostic-Code Last-Attempt-Date
        """;

    // The types of the first two parts, and the names of the fields of the second; line by line, as a simple reader sees them.
    private static string StructureOf(byte[] report)
    {
        var text = Encoding.Latin1.GetString(report);
        text.ShouldAllBe(character => character < 0x7F && (character >= ' ' || character == '\r' || character == '\n' || character == '\t'));
        text.Replace("\r\n", string.Empty, StringComparison.Ordinal).ShouldAllBe(character => character != '\r' && character != '\n');
        text.Split("\r\n").Max(line => line.Length).ShouldBeLessThanOrEqualTo(998);
        var boundary = text.Split("boundary=\"")[1].Split('"')[0];
        var parts = text.Split($"\r\n--{boundary}");
        parts.Length.ShouldBe(5);
        var status = parts[2].Split("\r\n\r\n", 2);
        var body = status[0].Contains("quoted-printable", StringComparison.Ordinal)
            ? Encoding.UTF8.GetString(SmimeGateway.Mime.Transfer.QuotedPrintable.Decode(Encoding.Latin1.GetBytes(status[1])))
            : status[1];
        return string.Join('\n',
        [
            TypeOf(parts[1]),
            TypeOf(parts[2]),
            .. body.TrimEnd('\r', '\n').Split("\r\n\r\n").Select(group => string.Join(' ', group.Split("\r\n")
                .Where(line => !line.StartsWith(' '))
                .Select(line => line.Split(':')[0]))),
        ]);
    }

    private static string TypeOf(string part) => part.Split("Content-Type: ")[1].Split("\r\n")[0];

    private static string Evil(Random random) => string.Concat(Enumerable.Range(0, random.Next(1, 30)).Select(_ => Pieces[random.Next(Pieces.Length)]));
}
