namespace SmimeGateway.Relaying.Authenticating;

/// <summary>A bearer token. Never shown in logs.</summary>
/// <param name="Value">What is sent.</param>
/// <param name="Lifetime">How long it was valid when it was issued.</param>
internal sealed record AccessToken(string Value, TimeSpan Lifetime)
{
    /// <summary>Shows no secret.</summary>
    public override string ToString() => $"token for {Lifetime}";
}
