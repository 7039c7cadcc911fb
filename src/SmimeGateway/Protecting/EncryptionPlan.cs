using SmimeGateway.Cms;
using SmimeGateway.Deciding;
using SmimeGateway.Deciding.Options;
using SmimeGateway.Locating;

namespace SmimeGateway.Protecting;

/// <summary>
/// Splits recipients into those who get the same encrypted message: blind ones apart as the rule says, so that nobody finds them among the
/// recipients of the others' message, those apart whose keys need another management, and those apart who have no cipher in common.
/// </summary>
public static class EncryptionPlan
{
    /// <summary>The messages that come out of one.</summary>
    /// <param name="terms">How the rule encrypts.</param>
    /// <param name="recipients">Recipients with keys, in the order of the envelope.</param>
    /// <param name="author">The author, where the message is to be readable for the author too.</param>
    /// <param name="visible">The recipients that the header names.</param>
    public static IReadOnlyList<EncryptionGroup> Form(
        EncryptTerms terms, IReadOnlyList<LocatedRecipient> recipients, LocatedRecipient? author, VisibleRecipients visible)
    {
        ArgumentNullException.ThrowIfNull(terms);
        ArgumentNullException.ThrowIfNull(recipients);
        ArgumentNullException.ThrowIfNull(visible);
        var blind = recipients.Where(located => located.Recipient is { } recipient && !visible.Include(recipient.Path)).ToList();
        if (terms.BlindCopies == BlindCopyTreatment.Together)
        {
            return [.. ByManagement(terms, recipients, author, isBlind: blind.Count == recipients.Count)];
        }

        var seen = recipients.Except(blind).ToList();
        var apart = terms.BlindCopies == BlindCopyTreatment.SeparateTogether
            ? ByManagement(terms, blind, author, isBlind: true)
            : blind.SelectMany(located => ByManagement(terms, [located], author, isBlind: true));
        return [.. ByManagement(terms, seen, author, isBlind: false), .. apart];
    }

    // Programs that know no key agreement (NSS 3.87), or no encapsulation (.NET 10), do not pass over a recipient who has it: they fail to read the
    // object at all, though they have the key of another. Nobody's key may take the mail from somebody else.
    private static IEnumerable<EncryptionGroup> ByManagement(
        EncryptTerms terms, IReadOnlyList<LocatedRecipient> recipients, LocatedRecipient? author, bool isBlind) =>
        from located in recipients
        group located by located.Management into same
        orderby same.Key
        let fitting = author is null ? null : author with { Keys = [.. author.Keys.Where(key => key.Management <= same.Key)] }
        from encryption in ByCipher(terms, [.. same], fitting is { IsMissing: false } ? fitting : null, isBlind)
        select encryption with { LeavesAuthorOut = fitting is { IsMissing: true } };

    private static IEnumerable<EncryptionGroup> ByCipher(
        EncryptTerms terms, IReadOnlyList<LocatedRecipient> recipients, LocatedRecipient? author, bool isBlind)
    {
        if (recipients.Count == 0)
        {
            return [];
        }

        if (Choose(terms, recipients) is var (cipher, reason))
        {
            return [new EncryptionGroup(recipients, author, cipher, reason, isBlind)];
        }

        return recipients
            .GroupBy(located => Choose(terms, [located])!.Value.Cipher)
            .Select(group => new EncryptionGroup([.. group], author, group.Key, "not all recipients of the message read the same cipher", isBlind));
    }

    private static (ContentCipher Cipher, string Reason)? Choose(EncryptTerms terms, IReadOnlyList<LocatedRecipient> recipients)
    {
        var usable = recipients.Select(located => terms.UsableFor(located.Announced)).ToList();
        var common = usable[0].Where(cipher => usable.TrueForAll(own => own.Contains(cipher))).ToList();
        if (common.Count == 0)
        {
            return null;
        }

        var preferred = usable[0].First(common.Contains);
        if (!usable.TrueForAll(own => own.First(common.Contains) == preferred))
        {
            return (terms.Ciphers.First(common.Contains), "the first of the list that all recipients read, as they prefer different ones");
        }

        var known = recipients.Count(located => located.Announced is not null);
        return (preferred, known == recipients.Count ? "what the recipients announced to prefer"
            : known > 0 ? "what the recipients prefer of what all of them read, by their announcement or without one"
            : terms.HasOwnCiphers ? "the rule says that its recipients read it"
            : "what is used for recipients who announced nothing that may be used");
    }
}
