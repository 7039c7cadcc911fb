using SmimeGateway.Host.Telemetry;

namespace SmimeGateway.Host.Commands;

/// <summary>What commands write their answers for people to: lines and tables, in which foreign text stays what it is, and in its line.</summary>
/// <param name="output">Where they go.</param>
/// <param name="columns">How wide a line may be.</param>
internal sealed class PlainConsole(TextWriter output, int columns)
{
    private const int UsualColumns = 80;

    /// <summary>The console of the process.</summary>
    public PlainConsole()
        : this(Console.Out, Console.IsOutputRedirected)
    {
    }

    /// <summary>One of the writers of the process. A pipe has no width: wrapped lines would break grep, so output that nobody looks at gets as much room as it needs.</summary>
    public PlainConsole(TextWriter output, bool isRedirected)
        : this(output, isRedirected ? int.MaxValue : Columns())
    {
    }

    /// <summary>Writes one line, which goes on in the next where it is too long.</summary>
    public void WriteLine(string line = "")
    {
        foreach (var part in WordWrap.Line(PlainText.Of(line), columns))
        {
            output.WriteLine(part);
        }
    }

    /// <summary>Writes a line that is there to be copied, and stays one however long it is.</summary>
    public void WriteWhole(string line) => output.WriteLine(PlainText.Of(line));

    /// <summary>Writes a text of the gateway's own making that has several lines.</summary>
    public void WriteLines(string text)
    {
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            WriteLine(line.ToString());
        }
    }

    /// <summary>Writes a table between two empty lines.</summary>
    public void Write(AnswerTable table)
    {
        WriteLine();
        foreach (var line in table.Lines(columns))
        {
            output.WriteLine(PlainText.Of(line));
        }

        WriteLine();
    }

    private static int Columns()
    {
        try
        {
            return Console.WindowWidth is var columns and > 0 ? columns : UsualColumns;
        }
        catch (IOException)
        {
            return UsualColumns;
        }
    }
}
