namespace SmimeGateway.Mime.Dkim;

/// <summary>What of a message servers may change on its way without breaking a DKIM signature (RFC 6376 section 3.4).</summary>
public enum Canonicalization
{
    /// <summary>Nothing but empty lines at the end.</summary>
    Simple,

    /// <summary>How fields are folded and spelled, and how many blanks stand between words and at the ends of lines.</summary>
    Relaxed,
}
