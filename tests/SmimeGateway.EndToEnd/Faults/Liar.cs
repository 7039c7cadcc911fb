using System.Text;
using SmimeGateway.TestSupport;

namespace SmimeGateway.EndToEnd.Faults;

/// <summary>A next hop that tells one kind of lie at one point of the dialog, until it is told to be honest.</summary>
internal sealed class Liar
{
    private const int Flood = 10_000_000;

    private static readonly string[] Points = ["GREETING", "EHLO", "MAIL", "RCPT", "DATA", "DOT"];

    private static readonly Dictionary<string, ScriptedReply> Lies = new()
    {
        ["drops"] = ScriptedReply.Drop,
        ["half-a-code"] = ScriptedReply.SendAndDrop("25"u8.ToArray()),
        ["half-a-line"] = ScriptedReply.SendAndDrop("250 2.0.0 ok but"u8.ToArray()),
        ["half-a-reply"] = ScriptedReply.SayAndDrop("250-first", "250-second"),
        ["octets"] = ScriptedReply.SendAndDrop(Enumerable.Range(0, 4096).Select(number => (byte)(number * 7)).ToArray()),
        ["not-utf8"] = ScriptedReply.SendAndDrop((byte[])[.. "450 "u8, 0xff, 0xfe, 0xc3, 0x28, 0x1b, .. "[2J\r\n"u8]),
        ["no-code"] = ScriptedReply.SayAndDrop("Hello, how are you?"),
        ["four-digits"] = ScriptedReply.SayAndDrop("2500 ok"),
        ["no-such-code"] = ScriptedReply.SayAndDrop("999 2.0.0 ok"),
        ["two-codes"] = ScriptedReply.SayAndDrop("250-2.0.0 ok", "550 5.0.0 no"),
        ["endless-line"] = ScriptedReply.SendAndDrop(Encoding.ASCII.GetBytes("250 " + new string('x', Flood))),
        ["endless-lines"] = ScriptedReply.SendAndDrop(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("250-more\r\n", Flood / 10)))),
    };

    private int _told;

    private Liar(string point, string kind)
    {
        Point = point;
        Recipient = $"{kind}@{point.ToLowerInvariant()}.example";
        NextHop.Script = (command, _) =>
        {
            if (command != point || IsHonest)
            {
                return null;
            }

            _told++;
            return Lies[kind];
        };
    }

    /// <summary>Where it lies.</summary>
    public string Point { get; }

    /// <summary>Whose mail comes to it.</summary>
    public string Recipient { get; }

    public ScriptedNextHop NextHop { get; } = ScriptedNextHop.Start();

    public bool IsHonest { get; set; }

    /// <summary>How often it lied.</summary>
    public int Told => _told;

    /// <summary>True once it took a message and said so honestly.</summary>
    public bool Delivered => NextHop.Messages.Any(message => message.Reply.StartsWith("250 2.0.0 Ok: queued\r\n", StringComparison.Ordinal));

    public static List<Liar> OfAllKinds() => [.. Points.SelectMany(point => Lies.Keys.Select(kind => new Liar(point, kind)))];

    /// <summary>How much was said.</summary>
    public static int Megabytes(IEnumerable<Liar> liars) =>
        (int)(liars.Sum(liar => liar.Told * (long)Lies[liar.Recipient.Split('@')[0]].Bytes.Length) / 1_000_000);

    public override string ToString() => Recipient;
}
