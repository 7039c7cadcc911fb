using SmimeGateway.Mime.Fields;

namespace SmimeGateway.Mime;

/// <summary>One mailbox of an address list (RFC 5322 section 3.4).</summary>
/// <param name="DisplayName">The decoded name shown to people; empty where there is none.</param>
/// <param name="LocalPart">The part before the "@", without quotes.</param>
/// <param name="Domain">The part after the "@", without comments; an address literal keeps its brackets.</param>
public sealed record Mailbox(string DisplayName, string LocalPart, string Domain)
{
    /// <summary>Local part and domain, the local part quoted where its characters need it.</summary>
    public string Address => $"{AddressSyntax.QuoteIfNeeded(LocalPart)}@{Domain}";
}
