namespace SmimeGateway.Host.Commands;

/// <summary>Lets long text go on in the next line, where a word ends. Nothing is cut, and no path or name broken.</summary>
internal static class WordWrap
{
    private const string Hang = "    ";

    /// <summary>A line for so many columns; what goes on is further to the right than where the line begins.</summary>
    public static IEnumerable<string> Line(string line, int columns)
    {
        var margin = line[..^line.TrimStart(' ').Length];
        var further = margin + Hang;
        if (line.Length <= columns || further.Length >= columns)
        {
            return [line];
        }

        return Words(line[margin.Length..], columns - further.Length).Select((text, i) => (i == 0 ? margin : further) + text);
    }

    /// <summary>The lines of a text that are so wide at most, unless a word is wider.</summary>
    public static List<string> Words(string text, int width)
    {
        var lines = new List<string> { string.Empty };
        foreach (var word in text.Split(' '))
        {
            if (lines[^1].Length == 0)
            {
                lines[^1] = word;
            }
            else if (lines[^1].Length + 1 + word.Length <= width)
            {
                lines[^1] += " " + word;
            }
            else
            {
                lines.Add(word);
            }
        }

        return lines;
    }
}
