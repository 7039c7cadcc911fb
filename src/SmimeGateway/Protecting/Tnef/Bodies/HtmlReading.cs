using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using MimeKit.Text;

namespace SmimeGateway.Protecting.Tnef.Bodies;

/// <summary>Reads what HTML shows, by MimeKit's tokens, which are those of HTML 5.</summary>
internal sealed partial class HtmlReading
{
    private const int MaxLists = 1000;

    // In the place of the number of the next entry: a list of signs, and one that is counted in another way.
    private const int OfSigns = -1;
    private const int Uncounted = -2;

    private static readonly HashSet<string> Hidden = new(["title", "style", "script"], StringComparer.OrdinalIgnoreCase);

    // What they show is not what stands between their tags, or not to every reader.
    private static readonly HashSet<string> Obscure = new(
        [
            "input", "select", "textarea", "button", "object", "applet", "embed", "video", "audio", "canvas", "svg", "math", "iframe", "frame", "frameset", "noframes",
            "noembed", "noscript", "dialog", "details", "template", "plaintext", "xmp", "listing", "meter", "progress", "ruby", "bdo", "map", "marquee", "q",
        ],
        StringComparer.OrdinalIgnoreCase);

    private static readonly HashSet<string> Lines = new(
        ["p", "div", "br", "tr", "li", "h1", "h2", "h3", "h4", "h5", "h6", "table", "ul", "ol", "blockquote", "hr", "pre", "dd", "dt", "center"], StringComparer.OrdinalIgnoreCase);

    // Looks that hide a text, or show one that is not there.
    private static readonly string[] Hiding = ["display:none", "visibility:hidden", "visibility:collapse", "mso-hide:all", ";content:", "{content:"];

    private readonly SaidWriter _said = new();
    private readonly Stack<int> _lists = new();
    private readonly Stack<string> _links = new();
    private string? _hidden;
    private int _mark;
    private int _spansInMark;

    public static SaidText Read(string html, CancellationToken cancellationToken) => new HtmlReading().ReadAll(html, cancellationToken);

    private SaidText ReadAll(string html, CancellationToken cancellationToken)
    {
        using var text = new StringReader(html);
        var tokens = new HtmlTokenizer(text);
        while (tokens.ReadNextToken(out var token))
        {
            cancellationToken.ThrowIfCancellationRequested();
            switch (token)
            {
                case HtmlTagToken tag:
                    Take(tag);
                    break;
                case HtmlDataToken { Kind: HtmlTokenKind.Data or HtmlTokenKind.ScriptData } data:
                    Take(data.Data);
                    break;
                case HtmlDataToken:
                    _said.IsObscure = true;
                    break;
            }
        }

        return _said.ToText();
    }

    private void Take(string data)
    {
        if (_hidden is null)
        {
            _said.Add(data);
        }
        else if (_hidden.Equals("style", StringComparison.OrdinalIgnoreCase))
        {
            TakeLooks(data);
        }
    }

    private void Take(HtmlTagToken tag)
    {
        var name = tag.Name;
        if (_hidden is not null)
        {
            _hidden = tag.IsEndTag && name.Equals(_hidden, StringComparison.OrdinalIgnoreCase) ? null : _hidden;
            return;
        }

        if (Lines.Contains(name))
        {
            _said.EndLine();
        }

        _said.IsObscure |= Obscure.Contains(name);
        if (!tag.IsEndTag)
        {
            _hidden = Hidden.Contains(name) ? name : null;
            TakeLooks(_hidden is null ? Attribute(tag, "style") ?? string.Empty : string.Empty);
            _said.IsObscure |= Attribute(tag, "hidden") is not null;
            _said.HasPictures |= Attribute(tag, "background") is not null;
        }

        TakeKnown(tag, name.ToUpperInvariant());
    }

    private void TakeKnown(HtmlTagToken tag, string name)
    {
        switch (name, tag.IsEndTag)
        {
            case ("TD" or "TH", false):
                _said.Add("\t");
                break;
            case ("A", false):
                _links.Push(_links.Count < MaxLists && Attribute(tag, "href")?.Trim() is { } target ? target : string.Empty);
                AddLink(_links.Peek());
                break;
            case ("A", true):
                AddLink(_links.TryPop(out var link) ? link : string.Empty);
                break;
            case ("IMG", false):
                _said.HasPictures = true;
                _said.Add(AsideKind.Picture, Attribute(tag, "src") ?? string.Empty, Attribute(tag, "alt") ?? string.Empty);
                break;
            case ("HR", false):
                _said.Add(AsideKind.Rule);
                break;
            case ("UL" or "OL", false) when _lists.Count < MaxLists:
                _lists.Push(name == "UL" ? OfSigns : Attribute(tag, "type") is not (null or "1") || Attribute(tag, "reversed") is not null ? Uncounted : NumberOf(tag, "start") ?? 1);
                break;
            case ("UL" or "OL", true):
                _lists.TryPop(out _);
                break;
            case ("LI", false):
                TakeEntry(NumberOf(tag, "value"));
                break;
            case ("SPAN", false):
                TakeSpan(Attribute(tag, "style"));
                break;
            case ("SPAN", true) when _spansInMark > 0 && --_spansInMark == 0:
                _said.Mark(_mark);
                break;
        }
    }

    private void AddLink(string target)
    {
        if (target.Length > 0)
        {
            _said.Add(AsideKind.Link, target);
        }
    }

    private void TakeEntry(int? value)
    {
        var list = _lists.TryPop(out var known) ? known : OfSigns;
        var number = list >= 0 ? value ?? list : list;
        _lists.Push(number is >= 0 and < int.MaxValue ? number + 1 : number);
        if (number != Uncounted)
        {
            _said.Add(number == OfSigns ? AsideKind.Bullet : AsideKind.Number, number == OfSigns ? string.Empty : number.ToString(CultureInfo.InvariantCulture));
        }
    }

    private static int? NumberOf(HtmlTagToken tag, string name) =>
        int.TryParse(Attribute(tag, name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    // Word writes the sign before an entry of a list as a text, and says so.
    private void TakeSpan(string? style)
    {
        if (_spansInMark > 0)
        {
            _spansInMark++;
        }
        else if (style is not null && style.Contains("mso-list:Ignore", StringComparison.OrdinalIgnoreCase))
        {
            (_mark, _spansInMark) = (_said.Length, 1);
        }
    }

    private void TakeLooks(string looks)
    {
        if (looks.Length == 0)
        {
            return;
        }

        var packed = string.Concat(WithoutComments(looks).Where(character => !char.IsWhiteSpace(character))).ToLowerInvariant();
        _said.IsObscure |= Array.Exists(Hiding, packed.Contains) || packed.StartsWith("content:", StringComparison.Ordinal)
            || Escapes().Matches(packed).Any(escape => int.Parse(escape.Groups[1].ValueSpan, NumberStyles.HexNumber, CultureInfo.InvariantCulture) < 0x80);
        _said.HasPictures |= packed.Contains("url(", StringComparison.Ordinal) && !packed.Contains("url(#default", StringComparison.Ordinal);
    }

    // Nothing ends one that has no end.
    private static string WithoutComments(string looks)
    {
        var rest = looks.AsSpan();
        var written = new StringBuilder();
        while (rest.IndexOf("/*", StringComparison.Ordinal) is var start and >= 0)
        {
            written.Append(rest[..start]);
            rest = rest[(start + 2)..];
            var end = rest.IndexOf("*/", StringComparison.Ordinal);
            rest = end < 0 ? default : rest[(end + 2)..];
        }

        return written.Append(rest).ToString();
    }

    private static string? Attribute(HtmlTagToken tag, string name)
    {
        foreach (var attribute in tag.Attributes)
        {
            if (attribute.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return attribute.Value ?? string.Empty;
            }
        }

        return null;
    }

    // A letter of a word of CSS, written so that it is not found.
    [GeneratedRegex(@"\\([0-9a-f]{1,6})")]
    private static partial Regex Escapes();
}
