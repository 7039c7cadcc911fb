using System.Globalization;

namespace SmimeGateway.Smtp.Client;

/// <summary>What the server offered in its reply to EHLO, as far as the client makes use of it.</summary>
public sealed record ServerExtensions
{
    /// <summary>Nothing: what a server without EHLO offers.</summary>
    public static ServerExtensions None { get; } = new();

    /// <summary>Several commands may travel in one write (RFC 2920).</summary>
    public bool Pipelining { get; init; }

    /// <summary>Content with octets above 127 is taken (RFC 6152).</summary>
    public bool EightBitMime { get; init; }

    /// <summary>UTF-8 in addresses and header is taken (RFC 6531).</summary>
    public bool SmtpUtf8 { get; init; }

    /// <summary>MAIL may announce the size (RFC 1870).</summary>
    public bool Size { get; init; }

    /// <summary>The largest message taken, in octets; null when the server names no limit.</summary>
    public long? MaxMessageBytes { get; init; }

    /// <summary>Replies carry enhanced codes (RFC 2034).</summary>
    public bool EnhancedStatusCodes { get; init; }

    // STARTTLS, AUTH, CHUNKING and DSN are read here when the client learns to use them.

    /// <summary>Reads the lines of the reply to EHLO; the first one is the server's name and skipped. Unknown keywords are ignored.</summary>
    public static ServerExtensions Read(IReadOnlyList<string> lines)
    {
        ArgumentNullException.ThrowIfNull(lines);
        var extensions = None;
        for (var i = 1; i < lines.Count; i++)
        {
            var words = lines[i].Split(' ', 3, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length > 0)
            {
                extensions = extensions.With(words[0].ToUpperInvariant(), words.Length > 1 ? words[1] : string.Empty);
            }
        }

        return extensions;
    }

    private ServerExtensions With(string keyword, string parameter) => keyword switch
    {
        "PIPELINING" => this with { Pipelining = true },
        "8BITMIME" => this with { EightBitMime = true },
        "SMTPUTF8" => this with { SmtpUtf8 = true },
        "ENHANCEDSTATUSCODES" => this with { EnhancedStatusCodes = true },

        // Zero, no number, or a number nobody could reach all mean that no limit is stated.
        "SIZE" => this with
        {
            Size = true,
            MaxMessageBytes = long.TryParse(parameter, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit > 0 ? limit : null,
        },
        _ => this,
    };
}
