namespace SmimeGateway.Smtp;

/// <summary>Whether a server session offers something to the client, and whether the client must take it.</summary>
public enum SessionOffer
{
    /// <summary>Not offered.</summary>
    None,

    /// <summary>Offered, and left to the client.</summary>
    Offered,

    /// <summary>Offered, and nothing else goes on without it: 530 5.7.0.</summary>
    Required,
}
