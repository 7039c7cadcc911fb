namespace SmimeGateway.Host.Commands.Partners;

/// <summary>A source that gave no certificate for an address.</summary>
/// <param name="Source">Its name.</param>
/// <param name="Reason">Why.</param>
/// <param name="IsUnreachable">True when it could not be asked, so that nothing is known.</param>
internal sealed record SilentSource(string Source, string Reason, bool IsUnreachable);
