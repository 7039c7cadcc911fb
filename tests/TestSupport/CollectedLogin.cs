namespace SmimeGateway.TestSupport;

/// <summary>An attempt to log in to a <see cref="CollectingNextHop"/>.</summary>
/// <param name="Mechanism">PLAIN, LOGIN or XOAUTH2.</param>
/// <param name="User">The name given.</param>
/// <param name="Secret">The password, or the bearer token.</param>
/// <param name="IsEncrypted">True under TLS.</param>
public sealed record CollectedLogin(string Mechanism, string User, string Secret, bool IsEncrypted);
