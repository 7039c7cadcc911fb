namespace SmimeGateway.Host.Commands.Explaining;

/// <summary>A value by which a rule signs or encrypts, and who says so.</summary>
/// <param name="Key">The key, such as <c>encrypt.keyTransport</c>.</param>
/// <param name="Value">The value as it would be written.</param>
/// <param name="Source">Where it comes from: the rule, its profile, <c>encryption</c>, or the default.</param>
internal sealed record TermInForce(string Key, string Value, string Source);
