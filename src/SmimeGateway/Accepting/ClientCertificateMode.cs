namespace SmimeGateway.Accepting;

/// <summary>Whether clients may or must show a certificate in the TLS handshake.</summary>
public enum ClientCertificateMode
{
    /// <summary>No client is asked for one.</summary>
    Off,

    /// <summary>Clients are asked; one from outside the networks of <c>clients</c> may relay when its certificate is accepted.</summary>
    Offered,

    /// <summary>A handshake without an accepted certificate fails; the client must still be one of <c>clients</c>, or log in.</summary>
    Required,
}
