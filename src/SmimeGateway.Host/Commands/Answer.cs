using System.Text.Json;
using SmimeGateway.Host.Admin;
using SmimeGateway.Host.Telemetry;
using Spectre.Console;

namespace SmimeGateway.Host.Commands;

/// <summary>Writes what a command found: tables and sentences for people, or one JSON value for scripts, never both.</summary>
/// <param name="isJson">Whether scripts ask.</param>
internal sealed class Answer(bool isJson)
{
    /// <summary>Gives the answer: the value as JSON, or what <paramref name="forPeople"/> writes.</summary>
    public void Give<T>(T value, Action<PlainConsole> forPeople)
    {
        if (isJson)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(value, AdminJson.Indented));
        }
        else
        {
            forPeople(new PlainConsole());
        }
    }

    /// <summary>A table with these headings, without a frame that would only be in the way of copying.</summary>
    public static Table Table(params string[] headings)
    {
        var table = new Table { Border = TableBorder.Simple };
        foreach (var heading in headings)
        {
            table.AddColumn(new TableColumn(new Text(PlainText.Of(heading))) { NoWrap = heading.Length < 12 });
        }

        return table;
    }

    /// <summary>Adds a row of plain text: foreign values must not be read as markup, nor break out of their line.</summary>
    public static void AddRow(Table table, params string[] cells) => table.AddRow(cells.Select(cell => new Text(PlainText.Of(cell))));

    /// <summary>Says what is wrong and what to do about it, on standard error.</summary>
    public static void Complain(string sentence) => Console.Error.WriteLine(PlainText.Of(sentence));
}
