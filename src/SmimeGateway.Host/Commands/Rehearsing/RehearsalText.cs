using SmimeGateway.Host.Commands.Layers;
using SmimeGateway.Protecting;

namespace SmimeGateway.Host.Commands.Rehearsing;

/// <summary>What a rehearsal came to, as lines for people.</summary>
internal static class RehearsalText
{
    /// <summary>Writes the story, then each message that came out of it.</summary>
    public static void Write(PlainConsole console, RehearsalResult result)
    {
        foreach (var line in result.Story)
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

        console.WriteLine($"  reply: {result.Reply}");
        if (result.Verdict is { } verdict)
        {
            console.WriteLine($"  result: {verdict}");
        }
    }
}
