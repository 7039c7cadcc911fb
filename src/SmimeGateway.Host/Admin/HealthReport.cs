namespace SmimeGateway.Host.Admin;

/// <summary>The answer to a probe.</summary>
/// <param name="IsHealthy">True when nothing is wrong.</param>
/// <param name="Troubles">What is wrong, a sentence each.</param>
/// <param name="Warnings">What makes some mail wait, and is no reason to send none; a sentence each.</param>
internal sealed record HealthReport(bool IsHealthy, IReadOnlyList<string> Troubles, IReadOnlyList<string> Warnings);
