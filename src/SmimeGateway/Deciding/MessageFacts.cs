using System.Net;
using SmimeGateway.Mime;
using SmimeGateway.Smtp;

namespace SmimeGateway.Deciding;

/// <summary>What rules may ask about a message, apart from the recipient.</summary>
/// <param name="Sender">
/// The author that recipients see (header From), or the reverse path where that is null or the header names nobody. See
/// <see cref="Authorship"/>.
/// </param>
/// <param name="Listener">The name of the listener that took the message.</param>
/// <param name="Client">The address of the SMTP client.</param>
/// <param name="User">The authenticated user, or null.</param>
/// <param name="Header">The header section, for subject and header conditions.</param>
public sealed record MessageFacts(MailPath Sender, string Listener, IPAddress Client, string? User, HeaderSection Header)
{
    private string? _subject;

    /// <summary>The decoded subject, empty when there is none. Decoded on first use: most rule books never ask.</summary>
    public string Subject => _subject ??= Header.Find("Subject")?.Text ?? string.Empty;
}
