namespace SmimeGateway.Host.Configuration;

/// <summary>A new configuration that is valid, and how it differs from the one before.</summary>
/// <param name="Options">The new options.</param>
/// <param name="Differences">One line for each value that differs, beginning with its JSON path.</param>
/// <param name="NeedRestart">What of it the running gateway cannot take over: keys, or what an administrator calls them.</param>
/// <param name="Warnings">What is allowed but seldom meant.</param>
internal sealed record ConfigurationChange(
    GatewayOptions Options,
    IReadOnlyList<string> Differences,
    IReadOnlyList<string> NeedRestart,
    IReadOnlyList<ConfigurationError> Warnings);
