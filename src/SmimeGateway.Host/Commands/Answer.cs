using System.Text.Json;
using SmimeGateway.Host.Admin;

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

    /// <summary>Says what is wrong and what to do about it, on standard error.</summary>
    public static void Complain(string sentence) => new PlainConsole(Console.Error, Console.IsErrorRedirected).WriteLine(sentence);
}
