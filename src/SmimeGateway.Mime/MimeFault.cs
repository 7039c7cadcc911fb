namespace SmimeGateway.Mime;

/// <summary>Why a message could not be read or changed.</summary>
/// <param name="Reason">What is wrong, in English, without bytes of the message.</param>
/// <param name="Offset">The octet at which it was noticed, from the start of the entity read; 0 where there is no one place.</param>
public sealed record MimeFault(string Reason, long Offset)
{
    /// <summary>The member of <see cref="MimeLimits"/> that is exceeded; null where it is no limit, or one that nobody can change.</summary>
    public string? Limit { get; init; }
}
