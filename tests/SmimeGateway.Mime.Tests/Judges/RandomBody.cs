using System.Text;

namespace SmimeGateway.Mime.Tests.Judges;

/// <summary>Bodies with all that relays change, octets as Latin-1 characters.</summary>
internal sealed class RandomBody(Random random)
{
    /// <summary>Lines of text, some of which would not survive.</summary>
    public string Lines()
    {
        // A good part of all mail needs nothing.
        var isOrdinary = OneIn(3);
        var lines = new StringBuilder();
        for (var i = random.Next(6); i >= 0; i--)
        {
            lines.Append(isOrdinary ? "ordinary words" : random.Next(16) switch
            {
                0 => "ends in a blank ",
                1 => "ends in a tab\t",
                2 => "From here on",
                3 => "gr\u00C3\u00BCn",
                4 => "gr\u00FCn",
                5 => new string('x', random.Next(990, 1200)),
                6 => ".",
                7 => "--",
                8 => " ",
                9 => "a = b =C3=BC",
                10 => "Content-Transfer-Encoding: 8bit",
                11 => string.Concat(Enumerable.Repeat("\u00E4\u00F6", 40)),
                12 => "--b--x",
                _ => "words",
            }).Append(i == 0 && OneIn(2) ? string.Empty : "\r\n");
        }

        return lines.ToString();
    }

    /// <summary>Base64, some of it in ways that programs forgive.</summary>
    public string Base64()
    {
        var octets = new byte[random.Next(200)];
        random.NextBytes(octets);
        var encoded = Convert.ToBase64String(octets, Base64FormattingOptions.InsertLineBreaks);
        return random.Next(12) switch
        {
            0 => encoded.ReplaceLineEndings(" \r\n") + "\r\n",
            1 => encoded.ReplaceLineEndings("") + new string('\n', 0) + "\r\n\r\n__\r\nListe f\u00FCr alle \r\n",
            2 => encoded.TrimEnd('=') + " \r\n",
            3 => string.Concat(Enumerable.Repeat(encoded.ReplaceLineEndings("").TrimEnd('='), 10)) + "\r\n",
            4 => encoded + Convert.ToBase64String(octets) + "\t\r\n",
            5 => "\u00FC" + encoded + "\r\n",
            6 => encoded.Replace('A', '-') + " \r\n",
            7 => "=" + encoded + " \r\n",
            _ => encoded + "\r\n",
        };
    }

    /// <summary>Quoted-printable, some of it damaged.</summary>
    public string QuotedPrintable()
    {
        var lines = new StringBuilder();
        for (var i = random.Next(5); i >= 0; i--)
        {
            lines.Append(random.Next(16) switch
            {
                0 => "raw \u00C3\u00BC",
                1 => "soft =",
                2 => "From =3D",
                3 => "=3d=3D" + new string('y', 1000),
                4 when OneIn(3) => "blank at the end ",
                5 when OneIn(3) => "soft with a blank = ",
                6 when OneIn(3) => "no escape =zz",
                7 => "binary =0D=0A=00=FF",
                8 => "=20",
                9 => "--b",
                10 when OneIn(3) => "odd ==",
                _ => "gr=C3=BCn",
            }).Append(i == 0 && OneIn(3) ? string.Empty : "\r\n");
        }

        return lines.ToString();
    }

    /// <summary>Fields of a report.</summary>
    public string Fields(params string[] names)
    {
        var fields = new StringBuilder();
        foreach (var name in names)
        {
            fields.Append(name).Append(": ").Append(random.Next(14) switch
            {
                0 or 1 => "x; y ",
                2 => "x;\r\n\tfolded\t",
                3 when OneIn(3) => "x; gr\u00C3\u00BCn",
                4 when OneIn(3) => "x; y\r\n ",
                5 when OneIn(4) => new string('z', 1100),
                _ => "x; y",
            }).Append("\r\n");
        }

        return fields.ToString();
    }

    private bool OneIn(int chances) => random.Next(chances) == 0;
}
