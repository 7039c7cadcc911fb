namespace SmimeGateway.Certificates.Choosing;

/// <summary>
/// The certificate to sign with, and why not the others. Of those that name the address, are valid now and may sign, one with a key whose
/// signatures all programs read beats one of a rarer kind, and one meant for signatures alone beats one for all purposes; then the one valid longest wins. A certificate that is not usable never blocks another.
/// </summary>
public sealed class SigningChoice
{
    private SigningChoice(OwnCertificate? chosen, OwnCertificate? counterpart, IReadOnlyList<CertificateRefusal> refusals, string reason)
    {
        Chosen = chosen;
        EncryptionCounterpart = counterpart;
        Refusals = refusals;
        Reason = reason;
    }

    /// <summary>The certificate to sign with, or null.</summary>
    public OwnCertificate? Chosen { get; }

    /// <summary>The certificate of the same address that answers are to be encrypted to, where it is another one than <see cref="Chosen"/>.</summary>
    public OwnCertificate? EncryptionCounterpart { get; }

    /// <summary>The certificates that were considered and not taken.</summary>
    public IReadOnlyList<CertificateRefusal> Refusals { get; }

    /// <summary>What was chosen, or why nothing was, in one sentence.</summary>
    public string Reason { get; }

    /// <summary>True when nothing was chosen, and a certificate would have been if its key could have been read.</summary>
    public bool IsKeyUnread { get; private init; }

    /// <summary>Chooses for an address.</summary>
    /// <param name="address">The address.</param>
    /// <param name="candidates">What a source holds for it.</param>
    /// <param name="now">The moment at which certificates must be valid.</param>
    /// <param name="unfit">Why the key of a certificate cannot do what is asked of it, or null; null to ask nothing of keys.</param>
    public static SigningChoice Choose(
        string address, IEnumerable<OwnCertificate> candidates, DateTimeOffset now, Func<OwnCertificate, KeyUnfitness?>? unfit = null)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(candidates);
        if (!MailboxName.TryNormalize(address, out var key))
        {
            return new SigningChoice(null, null, [], $"{PrintableText.Of(address)} is no plausible mailbox");
        }

        return Choose(
            candidates,
            now,
            candidate => candidate.Traits.HasAddressKey(key) ? null : $"it does not name {PrintableText.Of(address)}",
            $"no certificate names {PrintableText.Of(address)}",
            unfit);
    }

    /// <summary>Chooses the certificate with a thumbprint: SHA-1 over the certificate in hexadecimal, with or without separators.</summary>
    /// <param name="thumbprint">The thumbprint.</param>
    /// <param name="candidates">What a source holds.</param>
    /// <param name="now">The moment at which the certificate must be valid.</param>
    /// <param name="unfit">Why the key of a certificate cannot do what is asked of it, or null; null to ask nothing of keys.</param>
    public static SigningChoice ChooseByThumbprint(
        string thumbprint, IEnumerable<OwnCertificate> candidates, DateTimeOffset now, Func<OwnCertificate, KeyUnfitness?>? unfit = null)
    {
        ArgumentNullException.ThrowIfNull(thumbprint);
        ArgumentNullException.ThrowIfNull(candidates);

        // People paste thumbprints with blanks, colons, and the invisible mark that Windows puts first.
        var wanted = string.Concat(thumbprint.Where(char.IsAsciiHexDigit));
        var all = candidates as IReadOnlyCollection<OwnCertificate> ?? [.. candidates];
        var named = all.Where(candidate => candidate.Traits.Thumbprint.Equals(wanted, StringComparison.OrdinalIgnoreCase)).ToList();
        var choice = Choose(named, now, _ => null, $"no certificate has the thumbprint {PrintableText.Of(thumbprint)}", unfit);
        return choice.Chosen is { } chosen
            ? new SigningChoice(chosen, FindCounterpart(chosen, all, now), choice.Refusals, choice.Reason)
            : choice;
    }

    private static SigningChoice Choose(
        IEnumerable<OwnCertificate> candidates,
        DateTimeOffset now,
        Func<OwnCertificate, string?> refuse,
        string whenNone,
        Func<OwnCertificate, KeyUnfitness?>? unfit)
    {
        List<CertificateRefusal>? refusals = null;
        List<OwnCertificate>? usable = null;
        var considered = new List<OwnCertificate>(2);
        foreach (var candidate in candidates)
        {
            var reason = refuse(candidate);
            if (reason is null)
            {
                considered.Add(candidate);
                reason = RefuseForSigning(candidate.Traits, now);
            }

            if (reason is null)
            {
                (usable ??= []).Add(candidate);
            }
            else
            {
                (refusals ??= []).Add(new CertificateRefusal(candidate, reason));
            }
        }

        usable?.Sort(static (left, right) => ByMerit(left.Traits, right.Traits));
        OwnCertificate? chosen = null;
        var isKeyUnread = false;
        foreach (var candidate in usable ?? [])
        {
            // Opening a key takes time, so it is asked only of the best one, and of the next when that fails.
            var fault = chosen is not null ? null
                : candidate.KeyFault is { } keyFault ? new KeyUnfitness(keyFault, candidate.IsKeyUnread)
                : unfit?.Invoke(candidate);
            if (chosen is null && fault is null)
            {
                chosen = candidate;
                continue;
            }

            isKeyUnread |= fault is { IsUnread: true };
            var reason = chosen is null ? fault!.Reason : $"the one with fingerprint {chosen.Traits.Thumbprint} is preferred: {WhyBetter(chosen.Traits, candidate.Traits)}";
            (refusals ??= []).Add(new CertificateRefusal(candidate, reason));
        }

        return chosen is null
            ? new SigningChoice(null, null, refusals ?? [], considered.Count == 0 ? whenNone : "no certificate is usable: " + string.Join("; ", (refusals ?? []).Select(refusal => refusal.ToString()))) { IsKeyUnread = isKeyUnread }
            : new SigningChoice(chosen, FindCounterpart(chosen, considered, now), refusals ?? [], $"{chosen} was chosen, valid until {LifeCheck.Day(chosen.Traits.NotAfter)}");
    }

    private static string? RefuseForSigning(CertificateTraits traits, DateTimeOffset now)
        => LifeCheck.Refuse(traits, now)
            ?? (traits.AllowsSigning ? null : "its key usage or extended key usage does not allow signatures on mail");

    private static int ByMerit(CertificateTraits left, CertificateTraits right)
    {
        var byReach = left.Rarity.CompareTo(right.Rarity);
        if (byReach != 0)
        {
            return byReach;
        }

        var byPurpose = left.AllowsEncryption.CompareTo(right.AllowsEncryption);
        return byPurpose != 0 ? byPurpose : LifeCheck.LongestFirst(left, right);
    }

    private static string WhyBetter(CertificateTraits better, CertificateTraits other)
        => better.Rarity != other.Rarity ? "more programs read signatures of its kind of key"
            : better.AllowsEncryption != other.AllowsEncryption ? "it is meant for signatures alone"
            : better.NotAfter != other.NotAfter ? "it is valid longer"
            : better.Thumbprint == other.Thumbprint ? "it is the same certificate"
            : "it comes first in the order of thumbprints";

    private static OwnCertificate? FindCounterpart(OwnCertificate chosen, IEnumerable<OwnCertificate> candidates, DateTimeOffset now)
    {
        OwnCertificate? best = null;
        foreach (var candidate in candidates)
        {
            var traits = candidate.Traits;
            if (traits.Fault is null
                && traits.AllowsEncryption
                && traits.IsValidAt(now)
                && chosen.Traits.AddressKeys.Any(traits.HasAddressKey)
                && (best is null || IsBetterForEncryption(traits, best.Traits)))
            {
                best = candidate;
            }
        }

        return best is null || best.Traits.Thumbprint == chosen.Traits.Thumbprint ? null : best;
    }

    private static bool IsBetterForEncryption(CertificateTraits candidate, CertificateTraits best)
        => candidate.AllowsSigning != best.AllowsSigning ? best.AllowsSigning : LifeCheck.LongestFirst(candidate, best) < 0;
}
