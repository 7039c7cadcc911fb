using SmimeGateway.Cms;
using SmimeGateway.Locating;

namespace SmimeGateway.Protecting;

/// <summary>Recipients who get the same encrypted message.</summary>
/// <param name="Recipients">At least one, in the order of the envelope.</param>
/// <param name="Author">The author, where the message is encrypted to the author too.</param>
/// <param name="Cipher">The cipher all of them read.</param>
/// <param name="Reason">Why this cipher, for the log.</param>
/// <param name="IsBlind">True when the header names none of them.</param>
public sealed record EncryptionGroup(
    IReadOnlyList<LocatedRecipient> Recipients, LocatedRecipient? Author, ContentCipher Cipher, string Reason, bool IsBlind)
{
    /// <summary>True when the author cannot read it, as a key of the author's kind would keep programs of the recipients from reading it.</summary>
    public bool LeavesAuthorOut { get; init; }

    /// <summary>Everybody's keys, each certificate once.</summary>
    public IReadOnlyList<CmsRecipient> Keys { get; } =
        [.. Recipients.Concat(Author is null ? [] : [Author]).SelectMany(located => located.Keys).DistinctBy(key => key.Certificate.Thumbprint, StringComparer.Ordinal)];
}
