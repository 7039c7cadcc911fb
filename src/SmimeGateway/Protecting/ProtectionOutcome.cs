using System.Buffers;

namespace SmimeGateway.Protecting;

/// <summary>A protected message, or why there is none. There is no third way: what failed does not leave.</summary>
/// <param name="Message">The message that may leave, or null.</param>
/// <param name="Fault">Null when it was made; else the reason, for the log.</param>
/// <param name="IsPermanent">
/// True when the same message would fail again (it is malformed in a way that cannot be signed); false when trying again may help.
/// </param>
public sealed record ProtectionOutcome(ProtectedMessage? Message, string? Fault, bool IsPermanent = false)
{
    /// <summary>The octets that were signed; empty when nothing was.</summary>
    public ReadOnlySequence<byte> SignedContent { get; init; }
}
