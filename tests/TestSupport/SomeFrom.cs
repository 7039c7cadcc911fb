using System.Text;

namespace SmimeGateway.TestSupport;

/// <summary>Makes up bodies of From fields: ordinary, sloppy, and made to be read differently.</summary>
public static class SomeFrom
{
    /// <summary>The address that whoever sends may use.</summary>
    public const string Own = "ticket@tickets.example.com";
    /// <summary>The address of somebody else.</summary>
    public const string Other = "support@example.com";

    private static readonly string[] Names =
    [
        "Alice", "\"Doe, Alice\"", "Doe, Alice", "[Shop]", "J. R. Doe", "=?utf-8?Q?J=C3=B6rg?=", "=?utf-8?B?SsO2cmc=?=", "J\u00F6rg", "\"J\u00F6rg <x>\"", "'Alice'",
        "Alice; Sales", "Alice (Sales)", "\"\"", "Team:", "A \\\"B\\\"", "=?utf-8?q?a,?=", "O'Neil", "R&D / IT", "Alice @ Work", "\"Alice @ Work\"",
    ];

    private static readonly string[] Pieces =
    [
        " ", " ", "\t", ",", ";", ":", "<", ">", "(", ")", "\"", "'", "\\", "[", "]", ".", "@", "=?", "?=", "?q?", "?b?", "=?x", "=?utf-8?q?", "=?utf-7?q?", "=40", "+AEA-",
        "=?utf-8?q?support=40example.com?=", "=?utf-8?q?=3Csupport=40example.com=3E=2C?=", "=?utf-8?b?c3VwcG9ydEBleGFtcGxlLmNvbQ==?=", "=?utf-8?q?supp?=", "=?utf-8?q?ort?=",
        "=?iso-8859-1?q?support=40example.com_?=", "=?utf-16be?b?AEA=?=", "=?utf-8?q?=22?=", "=?utf-8?q?=28?=", "=?utf-8?q?a b?=", "support", "example.com", "ticket", "tickets.example.com",
        "support@", "@example.com", "\u00FC", "\uFF20", "\u00A0", "\u202E", "\u200B", "(x)", "\"x\"", "\"support\"", "<>", ", ", "; ", "<ticket@tickets.example.com", "@a,@b:", "\\@", "!", "%", "x@[192.0.2.1]",
    ];

    private static readonly string[] Removed =
    [
        "\\", "\\", "\"\"", "\" \"", " ", "\t", "\u200B", "\u200D", "\u2060", "\u00AD", "\uFEFF", "\u202A", "\u202E", "\u2066", "\u034F", "\uFE0F", "\u0001", "\u007F", "\u0085",
        ",", ";", "<", ">", "[", "]", "(", ")", "'", "x", "\u00E4", "\u00A0", "\\\"",
    ];

    private static readonly string[] Templates =
    [
        "{name} <{own}>", "{own} ({name})", "{own}", "{own} <{own}>", "<{own}>", "{name} {own}", "\"{own}\" <{own}>", "{own};", "{name} <{own}", "'{own}' <{own}>",
        "\"{other}\" <{own}>", "{other} <{own}>", "{name} <{own}>, {name} <{other}>", "{own} ({other})", "{name}: {own}, {other};", "{other}: {own};",
        "=?Support <{other}>, x?q?y?= <{own}>", "\"\u00FC: <{other}> (\" <{own}> (\u00FC x)", "=?<{other}>,x?q?z?=@tickets.example.com", "({other}) {own}", "<@{other}:{own}>",
        "=?utf-8?q?{other}?= <{own}>", "\"{name}\" ({other}, <{own}>", "\"{other}, <{own}>", "{name} <{other}> <{own}>", "<{other}>{own}", "{own}<{other}>", "{other}(x)<{own}>", "{other} {own}",
    ];

    /// <summary>Every form with every name.</summary>
    public static IEnumerable<string> All() => Templates.SelectMany(template => Names.Select(name => Fill(template, name))).Distinct();

    /// <summary>A form, changed here and there, or a heap of pieces.</summary>
    public static string Generate(Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        var body = new StringBuilder();
        if (random.Next(3) == 0)
        {
            for (var i = random.Next(2, 9); i > 0; i--)
            {
                body.Append(random.Next(4) == 0 ? One([Own, Other, $"<{Own}>", $"<{Other}>"], random) : One(Pieces, random));
            }
        }
        else
        {
            body.Append(Fill(One(Templates, random), One(Names, random)));
            for (var i = random.Next(4); i > 0; i--)
            {
                Mutate(body, random);
            }
        }

        return body.ToString();
    }

    /// <summary>An address, most often another one, in a name or comment before one's own, with what readers take out among its characters.</summary>
    public static string GenerateName(Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        var name = new StringBuilder();
        foreach (var part in (string[])(random.Next(5) == 0 ? ["ticket", "@", "tickets.example.com"] : ["support", "@", "example.com"]))
        {
            Between();
            name.Append(random.Next(8) == 0 ? EncodedPart(part, random) : part);
        }

        Between();
        if (random.Next(6) == 0)
        {
            // Mostly there is no sign: an ordinary name.
            name.Replace("@", One(["", " ", "at", "\u30A1"], random));
        }

        return One(["\"{0}\" <{1}>", "\"{0}\" <{1}>", "({0}) {1}", "{1} ({0})", "{0} <{1}>", "x, {0} <{1}>", "{0}; x <{1}>", "{0}; <{1}>", "{0}, <{1}>", "{1}; {0}"], random)
            .Replace("{0}", name.ToString(), StringComparison.Ordinal)
            .Replace("{1}", Own, StringComparison.Ordinal);

        void Between()
        {
            for (var i = random.Next(3); i > 0; i--)
            {
                name.Append(One(Removed, random));
            }
        }
    }

    // Octets that are a character, half a one or none before and behind the text, in one word or two.
    private static string EncodedPart(string part, Random random)
    {
        var charset = One(["utf-8", "gb2312", "gbk", "big5", "shift_jis", "iso-2022-jp", "euc-jp", "euc-kr", "iso-8859-1", "windows-1252", "us-ascii"], random);
        var text = One(["", "", "=81", "=FC", "=83A", "=E3=81", "=1B$B", "=1B(B", "=E2=80=8B"], random)
            + string.Concat(part.Select(character => $"={(int)character:X2}")) + One(["", "", "=81", "=1B(B", "=AD", "="], random);
        if (random.Next(2) == 0)
        {
            var cut = random.Next(text.Length + 1);
            text = $"{text[..cut]}?= =?{charset}?q?{text[cut..]}";
        }

        return $" =?{charset}?q?{text}?= ";
    }

    private static string Fill(string template, string name) => template
        .Replace("{name}", name, StringComparison.Ordinal)
        .Replace("{own}", Own, StringComparison.Ordinal)
        .Replace("{other}", Other, StringComparison.Ordinal);

    private static void Mutate(StringBuilder body, Random random)
    {
        var place = random.Next(body.Length + 1);
        if (random.Next(3) == 0 && place < body.Length)
        {
            body.Remove(place, 1);
        }
        else
        {
            body.Insert(place, One(Pieces, random));
        }
    }

    private static string One(string[] values, Random random) => values[random.Next(values.Length)];
}
