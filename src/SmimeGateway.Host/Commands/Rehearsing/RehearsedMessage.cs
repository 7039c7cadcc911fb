using SmimeGateway.Host.Commands.Layers;
using SmimeGateway.Protecting;

namespace SmimeGateway.Host.Commands.Rehearsing;

/// <summary>One of the messages that a rehearsed message became.</summary>
/// <param name="To">Who gets it.</param>
/// <param name="Protection">What was done to it.</param>
/// <param name="Octets">Its size.</param>
/// <param name="Structure">The parts as they travel; null for a message that does not leave.</param>
/// <param name="Layers">Its layers as far as own keys open them.</param>
/// <param name="ProtectedHeader">The header that is protected with the content, or null.</param>
/// <param name="Verdict">The result of reading it again, in a sentence.</param>
/// <param name="IsGood">False when it is not what it should be, or does not reach its recipients.</param>
internal sealed record RehearsedMessage(
    IReadOnlyList<string> To,
    Protection Protection,
    int Octets,
    Structure? Structure,
    IReadOnlyList<ShownLayer> Layers,
    ShownHeader? ProtectedHeader,
    string Verdict,
    bool IsGood)
{
    /// <summary>The domains that signed it last of all (DKIM), with their selectors.</summary>
    public IReadOnlyList<string> Dkim { get; init; } = [];

    /// <summary>Where <c>--out</c> wrote it, or null.</summary>
    public string? File { get; init; }

    /// <summary>The message itself; not part of the JSON answer.</summary>
    internal byte[] Content { get; init; } = [];
}

/// <summary>A recipient of a rehearsed message.</summary>
/// <param name="Address">The recipient.</param>
/// <param name="Rule">The rule that decides.</param>
/// <param name="NextHop">Where its route leads, or null when there is none.</param>
internal sealed record RehearsedRecipient(string Address, string Rule, string? NextHop);
