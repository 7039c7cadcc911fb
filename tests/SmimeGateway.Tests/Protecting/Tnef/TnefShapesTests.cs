using System.Globalization;
using System.Text;
using SmimeGateway.Protecting.Tnef;
using SmimeGateway.TestSupport.Tnef;

namespace SmimeGateway.Tests.Protecting.Tnef;

/// <summary>Thousands of objects with the same or other texts in all forms and places: whatever was written is seen, or the object stays.</summary>
public sealed class TnefShapesTests
{
    private const int Shapes = 4000;

    // What a plain text has for what HTML shows in its own way, and for a file.
    private static readonly string[] Known = ["<http://x.example>", "[x]", "<<f.txt>>"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Whatever_was_written_in_any_form_is_seen_by_every_reader(int seed)
    {
        var converted = 0;
        for (var shape = 0; shape < Shapes; shape++)
        {
            var written = new Written(new Random((seed * 1_000_000) + shape));
            converted += EveryTextIsSeenTests.ShouldSeeAll(written.Mail(), written.Texts, $"seed {seed}, shape {shape}", Known) ? 1 : 0;
        }

        converted.ShouldBeInRange(Shapes / 3, Shapes - 1);
    }

    private sealed class Written(Random random)
    {
        private static readonly string[] Changes = ["", "", "", "", " not", ".", " -", " <", "*", " [x]", " <http://x.example>", " 1.", "\u2019", " <<f.txt>>"];

        private int _words;

        public List<string> Texts { get; } = [];

        public byte[] Mail()
        {
            var common = Words();
            var before = random.Next(5) switch { 0 => string.Empty, 1 => "***", 2 => Words(), _ => Changed(common) };
            var tnef = Object(common, depth: 0);

            // What stands in front is in UTF-8, and pure ASCII stands for it here.
            before = before.Replace('\u2019', '\'');
            Texts.Add(before);
            return TnefMail.Of(tnef, before);
        }

        private bool Once(int of) => random.Next(of) == 0;

        private string Words() => string.Join(' ', Enumerable.Range(0, random.Next(1, 5)).Select(_ => string.Create(CultureInfo.InvariantCulture, $"w{_words++}q")));

        private string Changed(string text)
        {
            var change = Changes[random.Next(Changes.Length)];
            var at = random.Next(3) switch { 0 => 0, 1 => text.Length, _ => text.IndexOf(' ', StringComparison.Ordinal) is var blank and >= 0 ? blank : text.Length };
            return Once(6) ? text[..^Math.Min(2, text.Length - 1)] : text.Insert(at, change);
        }

        private string Planted(string common)
        {
            var text = Changed(common);
            Texts.Add(text);
            return text;
        }

        private byte[] Object(string common, int depth)
        {
            var writer = new TnefWriter(Once(8) ? 0 : 1252);
            var properties = new List<byte[]> { TnefWriter.Text(0x001A, Once(8) ? "IPM.Schedule.Meeting.Request" : Once(12) ? "IPM.Contact" : "IPM.Note") };
            for (var form = random.Next(0, 4); form > 0; form--)
            {
                Form(common, writer, properties);
            }

            properties.Add(TnefWriter.Named(TnefIds.Appointment, 0x820D, TnefWriter.Moment(0, new DateTime(2026, 12, 1, 9, 0, 0, DateTimeKind.Utc))));
            properties.Add(TnefWriter.Named(TnefIds.Appointment, 0x820E, TnefWriter.Moment(0, new DateTime(2026, 12, 1, 10, 0, 0, DateTimeKind.Utc))));
            properties.Add(TnefWriter.Named(TnefIds.Meeting, 0x23, TnefWriter.Binary(0, [1, 2, 3, 4])));
            writer.Message([.. properties]);
            for (var file = random.Next(0, 3); file > 0; file--)
            {
                Attach(writer, depth);
            }

            return writer.ToArray();
        }

        private void Form(string common, TnefWriter writer, List<byte[]> properties)
        {
            var text = Planted(common);
            var html = $"<p>{System.Net.WebUtility.HtmlEncode(text)}</p>";
            var rtf = string.Concat(text.Select(character => character == '\u2019' ? "\\rquote " : character.ToString()));
            switch (random.Next(10))
            {
                case 0:
                    writer.Attribute(1, 0x0002800C, [.. Encoding.Latin1.GetBytes(text.Replace('\u2019', '\u0092')), 0]);
                    break;
                case 1 or 2:
                    properties.Add(TnefWriter.Text(0x1000, text));
                    break;
                case 3:
                    properties.Add(TnefWriter.Text8(0x1000, text.Replace('\u2019', '\u0092')));
                    break;
                case 4:
                    properties.Add(TnefWriter.Text(0x1013, html));
                    break;
                case 5:
                    properties.Add(TnefWriter.Binary(0x1013, Encoding.UTF8.GetBytes(html)));
                    properties.Add(TnefWriter.Whole(0x3FDE, 65001));
                    break;
                case 6:
                    properties.Add(TnefWriter.Text(0x1013, $"<a href='http://x.example'>{html}</a><img src='cid:x' alt='x'>"));
                    break;
                default:
                    var mark = random.Next(3) switch { 0 => "\\fromtext ", 1 => "\\fromhtml1 {\\*\\htmltag64 <p>}", _ => " " };
                    properties.Add(TnefWriter.Binary(0x1009, TnefWriter.Unpacked($"{{\\rtf1\\ansi{mark}{rtf}}}")));
                    break;
            }
        }

        private void Attach(TnefWriter writer, int depth)
        {
            var text = Words();
            Texts.Add(text);
            switch (random.Next(6))
            {
                case 0:
                    writer.File("f.txt", Encoding.ASCII.GetBytes(text), TnefWriter.Binary(0x3701, Encoding.ASCII.GetBytes(Once(2) ? text : Planted("data"))));
                    break;
                case 1 or 2 when depth < 3:
                    Texts.Remove(text);
                    writer.Embedded(Object(text, depth + 1));
                    break;
                case 3:
                    writer.Attribute(2, 0x00069002, new byte[14]).Attribute(2, 0x0006800F, Encoding.ASCII.GetBytes(text)).Attribute(2, 0x0006800F, Encoding.ASCII.GetBytes(Planted(text)));
                    break;
                default:
                    writer.File("f.txt", Encoding.ASCII.GetBytes(text));
                    break;
            }
        }
    }
}
