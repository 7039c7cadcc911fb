namespace SmimeGateway.Smtp.Tests;

/// <summary>
/// RFC 5321 section 4.1.4, RFC 3030, RFC 3207 and RFC 4954 in the plainest terms: what the answer to a command line must be. Knows
/// nothing of the server's own tables, and reads the commands of the test alone.
/// </summary>
internal sealed class ReferenceServer(SessionOffer tls, SessionOffer authentication)
{
    private bool _hasGreeted;
    private bool _hasSender;
    private int _recipients;
    private string? _chunks;
    private string? _refusal;

    /// <summary>The codes of all replies, the greeting included.</summary>
    public List<string> Replies { get; } = ["220"];

    /// <summary>The messages that are taken, in their order.</summary>
    public List<string> Handled { get; } = [];

    /// <summary>A command that leads on from here.</summary>
    public string Next => !_hasGreeted ? "EHLO a"
        : tls != SessionOffer.None && !IsSecure ? "STARTTLS"
        : authentication == SessionOffer.Required && IsSecure && !IsLoggedIn ? "AUTH PLAIN"
        : !_hasSender ? "MAIL FROM:<alice@example.com>"
        : _recipients == 0 && _chunks is null ? "RCPT TO:<bob@example.net>"
        : "BDAT";

    public bool IsSecure { get; private set; }

    public bool IsLoggedIn { get; private set; }

    public bool HasEnded { get; private set; }

    /// <summary>What is said to a command line; the octets after BDAT belong to it.</summary>
    public string Hear(string line, string chunk = "")
    {
        var reply = Judge(line.ToUpperInvariant(), chunk);
        Replies.Add(reply);
        return reply;
    }

    /// <summary>What is said to the message after a 354.</summary>
    public void HearMessage(string content, string reply)
    {
        Replies.Add(reply);
        Take(content, reply);
        Clear();
    }

    /// <summary>What is said to a response.</summary>
    public void HearLogin(string reply)
    {
        Replies.Add(reply);
        IsLoggedIn |= reply == "235";
    }

    private string Judge(string line, string chunk)
    {
        var words = line.Split(' ');
        var verb = words[0];
        if (verb == "BDAT" && (words.Length == 1 || !words[1].All(char.IsAsciiDigit)))
        {
            HasEnded = true;
            return "501";
        }

        if (Locked(verb))
        {
            return "530";
        }

        switch (verb)
        {
            case "EHLO" or "HELO":
                if (words.Length == 1)
                {
                    return "501";
                }

                _hasGreeted = true;
                return Clear();
            case "MAIL":
                var verdict = !_hasGreeted || _hasSender ? "503"
                    : line.Contains("REFUSED", StringComparison.Ordinal) ? "550"
                    : line.Contains("SIZE", StringComparison.Ordinal) ? "552"
                    : line.Contains("RET=FULL", StringComparison.Ordinal) ? "250"
                    : line.Contains("RET=ALL", StringComparison.Ordinal) ? "501"
                    : line.Contains("AUTH=<>", StringComparison.Ordinal) ? (authentication == SessionOffer.None ? "555" : "250")
                    : line.Contains('<', StringComparison.Ordinal) ? "250" : "501";
                _hasSender |= verdict == "250";
                return verdict;
            case "RCPT":
                var ruling = !_hasSender || _chunks is not null ? "503"
                    : !line.Contains('>', StringComparison.Ordinal) ? "501"
                    : line.Contains("NOTIFY=NOW", StringComparison.Ordinal) ? "501"
                    : _recipients == SomeServer.Options.MaxRecipients ? "452"
                    : line.Contains("REFUSED", StringComparison.Ordinal) ? "550" : "250";
                _recipients += ruling == "250" ? 1 : 0;
                return ruling;
            case "DATA":
                return !_hasSender || _chunks is not null ? "503" : _recipients == 0 ? "554" : line == "DATA" ? "354" : "501";
            case "BDAT":
                return JudgeChunk(words, chunk);
            case "RSET":
                return line == "RSET" ? Clear() : "501";
            case "VRFY":
                return line == "VRFY" ? "501" : "252";
            case "NOOP":
                return "250";
            case "HELP":
                return "214";
            case "STARTTLS":
                return JudgeStartTls(line);
            case "AUTH":
                return authentication == SessionOffer.None ? "502"
                    : !_hasGreeted || _hasSender || IsLoggedIn ? "503"
                    : words.Length == 1 ? "501"
                    : words[1] is "PLAIN" or "LOGIN" && IsSecure ? "334"
                    : words[1] == "SCRAM-SHA-256" ? "334" : "504";
            case "ETRN":
                return "502";
            case "QUIT":
                if (line != "QUIT")
                {
                    return "501";
                }

                HasEnded = true;
                return "221";
            default:
                return "500";
        }
    }

    private bool Locked(string verb) =>
        verb is "HELO" or "MAIL" or "RCPT" or "DATA" or "BDAT" or "RSET" or "VRFY" or "HELP" or "AUTH" && tls == SessionOffer.Required && !IsSecure
            ? verb != "AUTH" || authentication != SessionOffer.None
            : verb is "MAIL" or "RCPT" or "DATA" or "BDAT" or "VRFY" && authentication == SessionOffer.Required && !IsLoggedIn;

    private string JudgeStartTls(string line)
    {
        var reply = tls == SessionOffer.None ? "502" : IsSecure || !_hasGreeted || _hasSender ? "503" : line == "STARTTLS" ? "220" : "501";
        if (reply == "220")
        {
            IsSecure = true;
            IsLoggedIn = false;
            _hasGreeted = false;
        }

        return reply;
    }

    private string JudgeChunk(string[] words, string chunk)
    {
        if (!_hasSender)
        {
            return "503";
        }

        _refusal ??= _chunks is null && _recipients == 0 ? "554" : words.Length > 2 && words[2] != "LAST" ? "501" : null;
        _chunks = (_chunks ?? string.Empty) + chunk;
        var isLast = words.Length > 2 && words[2] == "LAST";
        _refusal ??= IsFaulty(isLast ? _chunks : _chunks.TrimEnd('\r') + (_chunks.EndsWith("\r\r", StringComparison.Ordinal) ? "\r" : string.Empty)) ? "554" : null;
        if (!isLast)
        {
            return _refusal ?? "250";
        }

        var reply = _refusal ?? (_chunks.StartsWith("throw", StringComparison.Ordinal) ? "451" : "250");
        Take(_chunks.Length == 0 || _chunks.EndsWith('\n') ? _chunks : _chunks + "\r\n", reply);
        Clear();
        return reply;
    }

    private static bool IsFaulty(string content) =>
        content.Replace("\r\n", string.Empty, StringComparison.Ordinal).AsSpan().ContainsAny('\r', '\n', '\0');

    private void Take(string content, string reply)
    {
        if (reply == "250")
        {
            Handled.Add(content);
        }
    }

    private string Clear()
    {
        _hasSender = false;
        _recipients = 0;
        _chunks = null;
        _refusal = null;
        return "250";
    }
}
