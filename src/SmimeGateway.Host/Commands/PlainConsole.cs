using SmimeGateway.Host.Telemetry;
using Spectre.Console;

namespace SmimeGateway.Host.Commands;

/// <summary>What commands write their answers for people to: lines and tables, in which foreign text stays what it is, and in its line.</summary>
internal sealed class PlainConsole
{
    private readonly IAnsiConsole _console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No });

    public PlainConsole()
    {
        // A pipe has no width. Wrapped lines would break grep, so output that nobody looks at gets as much room as it needs.
        if (Console.IsOutputRedirected)
        {
            _console.Profile.Width = 400;
        }
    }

    /// <summary>Writes one line.</summary>
    public void WriteLine(string line = "") => _console.WriteLine(PlainText.Of(line));

    /// <summary>Writes a text of the gateway's own making that has several lines.</summary>
    public void WriteLines(string text)
    {
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            WriteLine(line.ToString());
        }
    }

    /// <summary>Writes a table.</summary>
    public void Write(Table table) => _console.Write(table);
}
