namespace SmimeGateway.Relaying;

/// <summary>Whether the connection to a next hop is encrypted.</summary>
public enum RouteTls
{
    /// <summary>Never.</summary>
    Off,

    /// <summary>
    /// Where both sides can; otherwise the mail goes out over a plain connection. Nobody's certificate is judged: whoever sits in between
    /// could as well take the offer away.
    /// </summary>
    WhenOffered,

    /// <summary>By STARTTLS, with a certificate that is judged. Otherwise no mail is sent, and it waits.</summary>
    Required,

    /// <summary>From the first byte on, usually at port 465, with a certificate that is judged. Otherwise no mail is sent, and it waits.</summary>
    Implicit,
}
