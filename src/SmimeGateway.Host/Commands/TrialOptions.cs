using System.CommandLine;
using System.Net;
using SmimeGateway.Smtp;

namespace SmimeGateway.Host.Commands;

/// <summary>The options that describe a message which is not really sent.</summary>
internal sealed class TrialOptions
{
    public Option<string?> From { get; } = new("--from") { Description = "The sender; <> for a report.", HelpName = "ADDRESS" };

    public Option<string?> To { get; } = new("--to") { Description = "The recipient.", HelpName = "ADDRESS" };

    public Option<string?> Subject { get; } = new("--subject") { Description = "The subject." };

    public Option<string?> Listener { get; } = new("--listener") { Description = "The listener it comes in on; the first one if not given.", HelpName = "NAME" };

    public Option<string?> Client { get; } = new("--client") { Description = "The client's IP address; 127.0.0.1 if not given.", HelpName = "ADDRESS" };

    public Option<FileInfo?> Message { get; } = new("--message") { Description = "A message to use instead of a made-up one.", HelpName = "FILE" };

    /// <summary>Reads the options, or complains and returns null.</summary>
    public TrialMessage? Read(ParseResult parsed, GatewayOptions gateway)
    {
        var from = parsed.GetValue(From);
        var to = parsed.GetValue(To);
        if (from is null || to is null)
        {
            Answer.Complain("Give --from and --to.");
            return null;
        }

        var sender = MailPath.Null;
        if (from is not ("<>" or "") && !MailPath.TryParse(from, out sender))
        {
            Answer.Complain($"\"{from}\" is not an address.");
            return null;
        }

        if (!MailPath.TryParse(to, out var recipient))
        {
            Answer.Complain($"\"{to}\" is not an address.");
            return null;
        }

        var client = IPAddress.Loopback;
        if (parsed.GetValue(Client) is { } text && !IPAddress.TryParse(text, out client))
        {
            Answer.Complain($"\"{text}\" is not an IP address.");
            return null;
        }

        var listener = parsed.GetValue(Listener) ?? gateway.Listeners[0].Name;
        var content = ReadContent(parsed.GetValue(Message), sender, recipient, parsed.GetValue(Subject));
        return content is null ? null : TrialMessage.Create(sender, recipient, listener, client, content);
    }

    private static byte[]? ReadContent(FileInfo? file, MailPath sender, MailPath recipient, string? subject)
    {
        if (file is null)
        {
            return TrialMessage.Invent(sender, recipient, subject);
        }

        try
        {
            return LineEnds.ToCrLf(File.ReadAllBytes(file.FullName));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Answer.Complain($"{file.FullName} cannot be read: {exception.Message}");
            return null;
        }
    }
}
