namespace SmimeGateway;

/// <summary>What is done about messages that wait for a certificate.</summary>
/// <param name="Release">Tries to release them.</param>
/// <param name="Watch">Makes them due when certificates arrive.</param>
internal sealed record HeldSteps(HeldRelease Release, HeldMailWatch Watch);
