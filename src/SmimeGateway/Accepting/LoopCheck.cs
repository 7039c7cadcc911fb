using SmimeGateway.Mime;

namespace SmimeGateway.Accepting;

/// <summary>
/// Finds mail that goes in circles (RFC 5321 section 6.3) by its trace fields: too many of them, or our own name in several.
/// </summary>
public static class LoopCheck
{
    // RFC 5321 section 6.3 asks for a threshold of at least 100.
    private const int MaxReceivedFields = 100;

    // Mail may rightly pass twice, in and out again; the third visit is a circle. The field of this very visit counts as one.
    private const int MaxOwnVisits = 3;

    /// <summary>Says what looks like a loop, or null.</summary>
    /// <param name="header">The header, our own Received field included.</param>
    /// <param name="hostName">The name this gateway gives after <c>by</c>.</param>
    public static string? FindLoop(HeaderSection header, string hostName)
    {
        ArgumentNullException.ThrowIfNull(header);
        ArgumentException.ThrowIfNullOrEmpty(hostName);
        int received = 0, own = 0;
        var by = "by " + hostName;
        foreach (var field in header)
        {
            if (!field.Is("Received"))
            {
                continue;
            }

            received++;
            own += NamesHost(field.Body, by) ? 1 : 0;
        }

        return own >= MaxOwnVisits ? $"{own} Received fields carry our own name"
            : received > MaxReceivedFields ? $"{received} Received fields"
            : null;
    }

    private static bool NamesHost(string body, string by)
    {
        var at = body.IndexOf(by, StringComparison.OrdinalIgnoreCase);
        return at >= 0
            && (at == 0 || char.IsWhiteSpace(body[at - 1]))
            && (at + by.Length == body.Length || body[at + by.Length] is ' ' or '\t' or ';' or '(');
    }
}
