using System.Text.Json;
using SmimeGateway.Host.Admin;
using Spectre.Console;

namespace SmimeGateway.Host.Commands;

/// <summary>Writes what a command found: tables and sentences for people, or one JSON value for scripts, never both.</summary>
internal sealed class Answer
{
    private readonly bool _json;
    private readonly IAnsiConsole _console;

    public Answer(bool json)
    {
        _json = json;
        _console = AnsiConsole.Create(new AnsiConsoleSettings());

        // A pipe has no width. Wrapped lines would break grep, so output that nobody looks at gets as much room as it needs.
        if (Console.IsOutputRedirected)
        {
            _console.Profile.Width = 400;
        }
    }

    /// <summary>Gives the answer: the value as JSON, or what <paramref name="forPeople"/> writes.</summary>
    public void Give<T>(T value, Action<IAnsiConsole> forPeople)
    {
        if (_json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(value, AdminJson.Indented));
        }
        else
        {
            forPeople(_console);
        }
    }

    /// <summary>A table with these headings, without a frame that would only be in the way of copying.</summary>
    public static Table Table(params string[] headings)
    {
        var table = new Table { Border = TableBorder.Simple };
        foreach (var heading in headings)
        {
            table.AddColumn(new TableColumn(new Text(heading)) { NoWrap = heading.Length < 12 });
        }

        return table;
    }

    /// <summary>Adds a row of plain text: foreign values must not be read as markup.</summary>
    public static void AddRow(Table table, params string[] cells) => table.AddRow(cells.Select(cell => new Text(cell)));

    /// <summary>Says what is wrong and what to do about it, on standard error.</summary>
    public static void Complain(string sentence) => Console.Error.WriteLine(sentence);
}
