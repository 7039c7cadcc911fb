using System.Text;
using SmimeGateway.Host.Telemetry;

namespace SmimeGateway.Host.Commands;

/// <summary>
/// A table without a frame that would only be in the way of copying. Where it does not fit, long cells go on in the next line; where that is
/// not enough, every cell gets a line of its own. Nothing is ever cut, and no path or name broken.
/// </summary>
/// <param name="headings">The headings.</param>
internal sealed class AnswerTable(params string[] headings)
{
    private const string Margin = "  ";
    private const string Gap = "   ";
    private const string Indent = "      ";

    // Below that a sentence would be a tower of words.
    private const int NarrowestText = 24;

    private readonly string[] _headings = [.. headings.Select(PlainText.Of)];
    private readonly List<string[]> _rows = [];

    /// <summary>Adds a row: foreign values stay what they are, and in their line.</summary>
    public void Add(params string[] cells) => _rows.Add([.. cells.Select(PlainText.Of)]);

    /// <summary>The lines of the table for so many columns of characters.</summary>
    public IEnumerable<string> Lines(int columns) => FindWidths(columns) is { } widths ? Rows(widths) : Blocks(columns);

    private int[]? FindWidths(int columns)
    {
        var widths = new int[_headings.Length];
        var least = new int[widths.Length];
        for (var i = 0; i < widths.Length; i++)
        {
            string[] cells = [_headings[i], .. _rows.Select(row => row[i])];
            widths[i] = cells.Max(cell => cell.Length);
            least[i] = Math.Max(cells.SelectMany(cell => cell.Split(' ')).Max(word => word.Length), Math.Min(widths[i], NarrowestText));
        }

        // The longest gives way first.
        var room = columns - Margin.Length - (Gap.Length * (widths.Length - 1));
        while (widths.Sum() > room)
        {
            var longest = Enumerable.Range(0, widths.Length).Where(i => widths[i] > least[i]).OrderByDescending(i => widths[i]).FirstOrDefault(-1);
            if (longest < 0)
            {
                return null;
            }

            widths[longest]--;
        }

        return widths;
    }

    private IEnumerable<string> Rows(int[] widths)
    {
        yield return Row(_headings, widths);
        yield return new string('─', Margin.Length + widths.Sum() + (Gap.Length * (widths.Length - 1)));
        foreach (var row in _rows)
        {
            List<string>[] wrapped = [.. row.Select((cell, i) => WordWrap.Words(cell, widths[i]))];
            for (var line = 0; line < wrapped.Max(cell => cell.Count); line++)
            {
                yield return Row([.. wrapped.Select(cell => cell.ElementAtOrDefault(line) ?? string.Empty)], widths);
            }
        }
    }

    private IEnumerable<string> Blocks(int columns)
    {
        foreach (var row in _rows)
        {
            // The first cells say what it is about, and how it stands.
            var head = new StringBuilder(Margin).Append(row[0]);
            var next = 1;
            for (; next < row.Length && row[next].Length < NarrowestText && head.Length + Gap.Length + Named(next).Length <= columns; next++)
            {
                head.Append(row[next].Length == 0 ? string.Empty : Gap + Named(next));
            }

            yield return head.ToString().TrimEnd();
            for (; next < row.Length; next++)
            {
                var lines = row[next].Length == 0 ? [] : WordWrap.Words(Named(next), columns - Indent.Length);
                foreach (var line in lines)
                {
                    yield return Indent + line;
                }
            }

            string Named(int cell) => $"{_headings[cell]}: {row[cell]}";
        }
    }

    private static string Row(string[] cells, int[] widths) =>
        (Margin + string.Join(Gap, cells.Select((cell, i) => cell.PadRight(widths[i])))).TrimEnd();
}
