namespace SmimeGateway.Certificates.Choosing;

/// <summary>Why a private key cannot do what is asked of it.</summary>
/// <param name="Reason">The reason, as the end of a sentence.</param>
/// <param name="IsUnread">True when the key could not be read or is broken, so that another copy of it may do; false when it never can.</param>
public sealed record KeyUnfitness(string Reason, bool IsUnread);
