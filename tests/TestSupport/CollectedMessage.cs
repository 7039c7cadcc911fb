using System.Text;

namespace SmimeGateway.TestSupport;

/// <summary>A message that reached a next hop.</summary>
/// <param name="From">The reverse path, without brackets.</param>
/// <param name="Recipients">The forward paths that were answered with 2yz.</param>
/// <param name="Content">Its bytes, dots unstuffed.</param>
/// <param name="At">When its final dot was read.</param>
public sealed record CollectedMessage(string From, IReadOnlyList<string> Recipients, byte[] Content, DateTimeOffset At)
{
    /// <summary>The MAIL command, with its parameters.</summary>
    public string MailCommand { get; init; } = string.Empty;

    /// <summary>The RCPT commands that were answered with 2yz, with their parameters.</summary>
    public IReadOnlyList<string> RecipientCommands { get; init; } = [];

    /// <summary>True when it came under TLS.</summary>
    public bool WasEncrypted { get; init; }

    /// <summary>True when it came by BDAT.</summary>
    public bool WasChunked { get; init; }

    /// <summary>Who had logged in, or null.</summary>
    public string? User { get; init; }

    /// <summary>The header section as text, folds undone.</summary>
    public string Header
    {
        get
        {
            var end = Content.AsSpan().IndexOf("\r\n\r\n"u8);
            var text = Encoding.UTF8.GetString(end < 0 ? Content : Content.AsSpan(0, end + 2));
            return text.Replace("\r\n ", " ", StringComparison.Ordinal).Replace("\r\n\t", " ", StringComparison.Ordinal);
        }
    }

    /// <summary>The body of the first field of that name, or null.</summary>
    public string? Field(string name) => Header
        .Split("\r\n")
        .Where(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))
        .Select(line => line[(name.Length + 1)..].Trim())
        .FirstOrDefault();
}
