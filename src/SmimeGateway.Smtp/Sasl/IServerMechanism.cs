namespace SmimeGateway.Smtp.Sasl;

/// <summary>The server's side of a SASL mechanism (RFC 4422 section 3), for one exchange.</summary>
internal interface IServerMechanism
{
    /// <summary>Takes the client's next response; null at the beginning, when it came without one.</summary>
    ValueTask<SaslStep> TakeAsync(byte[]? response);
}
