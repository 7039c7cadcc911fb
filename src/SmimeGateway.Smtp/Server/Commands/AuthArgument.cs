using System.Text;
using SmimeGateway.Smtp.Sasl;

namespace SmimeGateway.Smtp.Server.Commands;

/// <summary>Reads the argument of AUTH (RFC 4954 section 4): the name of a mechanism, and with some clients the first response.</summary>
internal static class AuthArgument
{
    // RFC 4422 section 3.1.
    private const int MaxMechanism = 20;

    /// <summary>Reads it. A response that cannot be decoded is a fault, and is never kept or shown.</summary>
    public static Command Read(ReadOnlySpan<byte> argument)
    {
        if (argument.IsEmpty)
        {
            return new Command(SmtpVerb.Auth) { Fault = Replies.ArgumentMissing };
        }

        var space = argument.IndexOf((byte)' ');
        var name = space < 0 ? argument : argument[..space];
        var command = new Command(SmtpVerb.Auth)
        {
            Mechanism = name.Length <= MaxMechanism ? Encoding.ASCII.GetString(name).ToUpperInvariant() : string.Empty,
        };
        if (space < 0)
        {
            return command;
        }

        // A lone equals sign is the empty response, which could not be told from none otherwise.
        var initial = argument[(space + 1)..];
        return initial.SequenceEqual("="u8) ? command with { InitialResponse = [] }
            : !initial.IsEmpty && SaslText.TryDecode(initial, out var response) ? command with { InitialResponse = response }
            : command with { Fault = Replies.BadBase64 };
    }
}
