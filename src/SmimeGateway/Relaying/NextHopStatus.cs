namespace SmimeGateway.Relaying;

/// <summary>How one address of a next hop, or a folder, is doing.</summary>
/// <param name="Host">The host as configured, or the folder.</param>
/// <param name="Address">Its address and port, in words where it has none; empty for a folder.</param>
/// <param name="RestingUntil">Until when it is left alone after trouble; null when it may be used.</param>
/// <param name="LastTrouble">The last trouble with it, as code and text, or null. It stays when the trouble is over.</param>
/// <param name="LastTroubleAt">When that was.</param>
/// <param name="Connections">Connections open now.</param>
/// <param name="Deliveries">Messages it took since the start.</param>
/// <param name="Security">What the last connection was secured with, such as the version of TLS; null when plain or not known.</param>
public sealed record NextHopStatus(
    string Host,
    string Address,
    DateTimeOffset? RestingUntil,
    string? LastTrouble,
    DateTimeOffset? LastTroubleAt,
    int Connections,
    long Deliveries,
    string? Security);
