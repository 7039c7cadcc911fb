using System.Diagnostics.CodeAnalysis;

namespace SmimeGateway.Smtp.Sasl;

/// <summary>The client's first message of SCRAM (RFC 5802 section 7).</summary>
/// <param name="Header">The gs2-header: what the client says of channel binding, and for whom it acts.</param>
/// <param name="Bare">The message behind it.</param>
/// <param name="User">The name, its escapes undone.</param>
/// <param name="Nonce">The client's part of the nonce.</param>
/// <param name="IsForItself">True when it acts for nobody else.</param>
internal sealed record ScramFirst(string Header, string Bare, string User, string Nonce, bool IsForItself)
{
    // More than any client sends; the challenge that carries it back is a line.
    private const int MaxNonce = 256;

    /// <summary>Reads the message. False when it is none, wants channel binding, or an extension that must be understood.</summary>
    public static bool TryParse(string message, [NotNullWhen(true)] out ScramFirst? first)
    {
        first = null;
        if (message.Split(',') is not [("n" or "y") and var binding, var authority, ['n', '=', .. var name], ['r', '=', .. var nonce], ..]
            || (authority.Length > 0 && !authority.StartsWith("a=", StringComparison.Ordinal))
            || !TryUnescape(name, out var user)
            || !TryUnescape(authority.Length > 0 ? authority[2..] : name, out var actsFor)
            || nonce.Length is 0 or > MaxNonce
            || nonce.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            return false;
        }

        var header = $"{binding},{authority},";
        first = new ScramFirst(header, message[header.Length..], user, nonce, actsFor == user);
        return true;
    }

    private static bool TryUnescape(string text, out string name)
    {
        name = text.Replace("=2C", ",", StringComparison.Ordinal).Replace("=3D", "=", StringComparison.Ordinal);
        return text.Replace("=2C", string.Empty, StringComparison.Ordinal).Replace("=3D", string.Empty, StringComparison.Ordinal).IndexOf('=', StringComparison.Ordinal) < 0
            && UserLookup.IsName(name);
    }
}
