using System.Globalization;
using SmimeGateway.Smtp.Client.Authentication;

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

    /// <summary>The connection can go on under TLS (RFC 3207).</summary>
    public bool StartTls { get; init; }

    /// <summary>Content is taken in chunks of stated length (RFC 3030).</summary>
    public bool Chunking { get; init; }

    /// <summary>The server reports as the envelope asks (RFC 3461).</summary>
    public bool Dsn { get; init; }

    /// <summary>The mechanisms of AUTH (RFC 4954), as far as they are known here.</summary>
    public SaslMechanisms Mechanisms { get; init; }

    /// <summary>Reads the lines of the reply to EHLO; the first one is the server's name and skipped. Unknown keywords are ignored.</summary>
    public static ServerExtensions Read(IReadOnlyList<string> lines)
    {
        ArgumentNullException.ThrowIfNull(lines);
        var extensions = None;
        for (var i = 1; i < lines.Count; i++)
        {
            // The equals sign is how AUTH was announced before it had an RFC, and some servers still do.
            var line = lines[i].AsSpan().Trim();
            var end = line.IndexOfAny(' ', '=');
            var (keyword, parameters) = end < 0 ? (line.ToString(), string.Empty) : (line[..end].ToString(), line[(end + 1)..].Trim().ToString());
            extensions = extensions.With(keyword.ToUpperInvariant(), parameters);
        }

        return extensions;
    }

    private ServerExtensions With(string keyword, string parameters) => keyword switch
    {
        "PIPELINING" => this with { Pipelining = true },
        "8BITMIME" => this with { EightBitMime = true },
        "SMTPUTF8" => this with { SmtpUtf8 = true },
        "ENHANCEDSTATUSCODES" => this with { EnhancedStatusCodes = true },
        "STARTTLS" => this with { StartTls = true },
        "CHUNKING" => this with { Chunking = true },
        "DSN" => this with { Dsn = true },
        "AUTH" => this with { Mechanisms = Mechanisms | SaslNames.Read(parameters) },

        // Zero, no number, or a number nobody could reach all mean that no limit is stated.
        "SIZE" => this with
        {
            Size = true,
            MaxMessageBytes = long.TryParse(parameters.Split(' ')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit > 0 ? limit : null,
        },
        _ => this,
    };
}
