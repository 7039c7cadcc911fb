namespace SmimeGateway.Cms;

/// <summary>Why a CMS object could not be read or does not verify; the reason is one English sentence fit for a log.</summary>
/// <param name="Kind">The place where it broke.</param>
/// <param name="Reason">What was found there, without bytes of the message.</param>
public sealed record CmsFault(CmsFaultKind Kind, string Reason);
