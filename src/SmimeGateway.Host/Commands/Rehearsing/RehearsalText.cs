using SmimeGateway.Host.Commands.Layers;
using SmimeGateway.Protecting;

namespace SmimeGateway.Host.Commands.Rehearsing;

/// <summary>What a rehearsal came to, as lines for people.</summary>
internal static class RehearsalText
{
    private const string Unused = "certificate not used: ";

    /// <summary>Writes the story, then each message that came out of it.</summary>
    public static void Write(PlainConsole console, RehearsalResult result)
    {
        foreach (var line in result.Story.Where((line, i) => !IsEchoed(line, result.Story.Skip(i + 1))))
        {
            console.WriteLine("  " + line);
        }

        foreach (var recipient in result.To)
        {
            console.WriteLine($"  {recipient.Address}: rule \"{recipient.Rule}\", next hop: {recipient.NextHop ?? "none, refused with 550 5.1.2"}");
        }

        var number = 0;
        foreach (var message in result.Messages)
        {
            console.WriteLine($"  message {++number} of {result.Messages.Count} to {string.Join(", ", message.To)}: {message.Protection.Words()}, {message.Octets} octets{(message.File is null ? string.Empty : $", written to {message.File}")}");
            foreach (var line in message.Structure?.Lines() ?? [])
            {
                console.WriteLine("  | " + line);
            }

            if (message.Layers.Count > 0)
            {
                foreach (var line in LayerText.Lines(new LayeredMessage(message.Layers, message.ProtectedHeader, Content: null, Fault: null)))
                {
                    console.WriteLine("    " + line);
                }
            }

            console.WriteLine($"    result: {message.Verdict}");
            if (message.Dkim.Count > 0)
            {
                console.WriteLine($"    DKIM: signed by {string.Join(", ", message.Dkim)}, read back and verified");
            }
        }

        if (result.Reply.Length > 0)
        {
            console.WriteLine($"  reply: {result.Reply}");
        }

        if (result.Verdict is { } verdict)
        {
            var reason = verdict.IndexOf(": ", StringComparison.Ordinal);
            console.WriteLine($"  result: {(reason >= 0 && result.Story.Any(line => line.EndsWith(verdict[reason..], StringComparison.Ordinal)) ? $"{verdict[..reason]}, see above" : verdict)}");
        }
    }

    // What a later line says with its consequence need not be said before.
    private static bool IsEchoed(string line, IEnumerable<string> later) =>
        line.IndexOf(Unused, StringComparison.Ordinal) is >= 0 and var at && later.Any(other => other.Contains(line[(at + Unused.Length)..], StringComparison.Ordinal));
}
