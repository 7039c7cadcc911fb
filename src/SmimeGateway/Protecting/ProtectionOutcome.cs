using System.Buffers;

namespace SmimeGateway.Protecting;

/// <summary>Protected messages, or why there are none. There is no third way: what failed does not leave.</summary>
/// <param name="Messages">The messages that may leave, one for each group of recipients; empty when protecting failed.</param>
/// <param name="Fault">Null when they were made; else the reason, for the log.</param>
/// <param name="IsPermanent">
/// True when the same message would fail again (it is malformed in a way that cannot be signed); false when trying again may help.
/// </param>
public sealed record ProtectionOutcome(IReadOnlyList<ProtectedMessage> Messages, string? Fault, bool IsPermanent = false)
{
    /// <summary>The octets that were signed; empty when nothing was.</summary>
    public ReadOnlySequence<byte> SignedContent { get; init; }

    /// <summary>Why the signature is opaque where a clear one was asked for; null where it has the form that was.</summary>
    public string? OpaqueBecause { get; init; }

    /// <summary>What the client may hear of why it will always fail; null where that is for the log alone.</summary>
    public string? PublicReason { get; init; }

    /// <summary>A message that no attempt can protect, because it exceeds a limit.</summary>
    internal static ProtectionOutcome Excessive(string reason) => Failed($"cannot be protected: {reason}", isPermanent: true) with { PublicReason = reason };

    internal static ProtectionOutcome Failed(string fault, bool isPermanent = false) => new([], fault, isPermanent);
}
