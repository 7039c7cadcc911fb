using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using SmimeGateway.Smtp;

namespace SmimeGateway.Host.Commands.Rehearsing;

/// <summary>The options that describe a message which is not really sent.</summary>
internal sealed class TrialOptions
{
    public Option<string?> From { get; } = new("--from") { Description = "The sender; <> for a report.", HelpName = "ADDRESS" };

    public Option<string[]> To { get; } = new("--to")
    {
        Description = "A recipient; give several, or the option several times.",
        HelpName = "ADDRESS",
        AllowMultipleArgumentsPerToken = true,
    };

    public Option<string[]> Bcc { get; } = new("--bcc")
    {
        Description = "A blind recipient, whom the header does not name.",
        HelpName = "ADDRESS",
        AllowMultipleArgumentsPerToken = true,
    };

    public Option<string?> Subject { get; } = new("--subject") { Description = "The subject." };

    public Option<string?> Listener { get; } = new("--listener") { Description = "The listener it comes in on; the first one if not given.", HelpName = "NAME" };

    public Option<string?> Client { get; } = new("--client") { Description = "The client's IP address; 127.0.0.1 if not given.", HelpName = "ADDRESS" };

    public Option<FileInfo?> Message { get; } = new("--message")
    {
        Description = "A message to use instead of a made-up one; recipients that its To and Cc do not name are blind.",
        HelpName = "FILE",
    };

    /// <summary>The first of the options that is given; null when none is.</summary>
    public string? FindGiven(ParseResult parsed) =>
        new Option[] { From, To, Bcc, Subject, Listener, Client, Message }.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false })?.Name;

    /// <summary>Reads the options, or complains and returns null.</summary>
    public TrialMessage? Read(ParseResult parsed, GatewayOptions gateway)
    {
        var from = parsed.GetValue(From);
        if (from is null || parsed.GetValue(To) is not { Length: > 0 } to)
        {
            Answer.Complain("Give --from and --to.");
            return null;
        }

        var sender = MailPath.Null;
        if (from is not ("<>" or "") && !TryReadPath(from, out sender))
        {
            return Wrong(from, "an address");
        }

        if (!TryReadPaths(to, out var visible) || !TryReadPaths(parsed.GetValue(Bcc) ?? [], out var blind))
        {
            return null;
        }

        var client = IPAddress.Loopback;
        if (parsed.GetValue(Client) is { } text && !IPAddress.TryParse(text, out client))
        {
            return Wrong(text, "an IP address");
        }

        var named = parsed.GetValue(Listener);
        var listener = named is null ? gateway.Listeners[0] : gateway.Listeners.FirstOrDefault(one => one.Name.Equals(named, StringComparison.OrdinalIgnoreCase));
        if (listener is null)
        {
            Answer.Complain($"There is no listener \"{named}\". There are: {string.Join(", ", gateway.Listeners.Select(one => one.Name))}.");
            return null;
        }

        var content = ReadContent(parsed.GetValue(Message), sender, visible, parsed.GetValue(Subject));
        return content is null ? null : TrialMessage.Create(gateway, sender, [.. visible, .. blind], listener.Name, client, content);
    }

    private static bool TryReadPaths(IEnumerable<string> addresses, out List<MailPath> paths)
    {
        paths = [];
        foreach (var address in addresses)
        {
            if (!TryReadPath(address, out var path))
            {
                Wrong(address, "an address");
                return false;
            }

            paths.Add(path);
        }

        return true;
    }

    // What the gateway refuses in an envelope gets no decision here either.
    private static bool TryReadPath(string address, [NotNullWhen(true)] out MailPath? path) =>
        MailPath.TryParse(address, out path) && ComparableAddress.Of(path).IsNormal;

    private static TrialMessage? Wrong(string text, string what)
    {
        Answer.Complain($"\"{text}\" is not {what}.");
        return null;
    }

    private static byte[]? ReadContent(FileInfo? file, MailPath sender, List<MailPath> visible, string? subject)
    {
        if (file is null)
        {
            return TrialMessage.Invent(sender, visible, subject);
        }

        return MessageFile.TryRead(file, out var content) ? content : null;
    }
}
