using SmimeGateway.Host.Configuration.Reading;

namespace SmimeGateway.Host.Configuration;

/// <summary>What loading a configuration came to.</summary>
/// <param name="Options">The options, or null when there are errors.</param>
/// <param name="Errors">Everything that is wrong, in the order of the file.</param>
/// <param name="Warnings">What is allowed but seldom meant, in the order of the file.</param>
/// <param name="Document">The outermost object, for comparing with another version; null when the file is no JSON.</param>
internal sealed record LoadResult(
    GatewayOptions? Options,
    IReadOnlyList<ConfigurationError> Errors,
    IReadOnlyList<ConfigurationError> Warnings,
    ConfigurationNode? Document);
