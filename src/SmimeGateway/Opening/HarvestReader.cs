using System.Security.Cryptography.X509Certificates;
using SmimeGateway.Certificates;
using SmimeGateway.Certificates.Trusting;
using SmimeGateway.Cms;
using SmimeGateway.Mime;
using SmimeGateway.Mime.ProtectedForms;

namespace SmimeGateway.Opening;

/// <summary>Finds in a signed message the certificate its author wants answers to be encrypted to (RFC 8551, section 2.5.3).</summary>
/// <param name="trust">Judges certificates.</param>
/// <param name="held">The certificates that sources have of an address, for authors who do not send theirs along; null for none.</param>
internal sealed class HarvestReader(TrustStore trust, Func<string, IEnumerable<PartnerCertificate>>? held = null)
{
    /// <summary>Mail servers try for five days; what was signed longer ago is no mail on its way, but one that somebody sends once more.</summary>
    private static readonly TimeSpan MaxAge = TimeSpan.FromDays(7);

    /// <summary>
    /// The certificates of a message: none unless the whole of it is signed, everything about the signature is good, and it says when it was
    /// made, and that was lately. Never throws on bad input.
    /// </summary>
    /// <param name="message">The whole message.</param>
    /// <param name="at">When it came.</param>
    /// <param name="isKnown">
    /// Says of an address, a certificate, capabilities and a signing time whether they change nothing. What changes nothing need not be
    /// proved: those who write all day cost a glance.
    /// </param>
    public IReadOnlyList<HarvestedCertificate> Read(
        ReadOnlyMemory<byte> message, DateTimeOffset at, Func<string, X509Certificate2, ReadOnlyMemory<byte>, DateTimeOffset, bool> isKnown)
    {
        if (!Entity.TryParse(message, MimeLimits.Standard, out var entity, out _)
            || ProtectionRecognizer.Recognize(entity) is var form && form is not (ExistingProtection.ClearSigned or ExistingProtection.OpaqueSigned)
            || !SignedContent.TryRead(form, entity, out var signed, out _)
            || AuthorClaim.Of(entity) is var claim && claim.Author is not { } author)
        {
            return [];
        }

        var known = held is null ? KnownSigners.None : new KnownSigners(held(author));
        var offers = signed.Signature.Signers.Select(signer => FindOffer(signer, signed.Signature, known, author, at)).ToList();
        if (offers.TrueForAll(offer => offer is null || isKnown(author, offer.Certificates[0].Certificate, offer.Capabilities, offer.Signed)))
        {
            return [];
        }

        var layer = new OpenedLayer(form) { Signers = new SignerJudge(trust, known).Judge(signed, claim, at), Beside = signed.Beside };
        return !layer.IsGood ? [] : [.. layer.Signers
            .Zip(offers)
            .Where(judged => judged.First.IsGood)
            .Select(judged => Prove(judged.Second, signed.Signature, author, at))
            .OfType<HarvestedCertificate>()];
    }

    private static Offer? FindOffer(SignerInfo signer, SignedData signedData, KnownSigners known, string author, DateTimeOffset at)
    {
        if (signer.SigningTime is not { } time || time < at - MaxAge)
        {
            return null;
        }

        var usable = new[] { signer.EncryptionKeyPreference, signer.Identifier }
            .OfType<CertificateIdentifier>()
            .SelectMany(identifier => Find(identifier, signedData, known))
            .Where(candidate => candidate.Traits.AllowsEncryption && candidate.Traits.HasAddress(author))
            .ToList();

        // A list without ciphers leaves alone what was announced before.
        var announced = signer.Capabilities is { NameCiphers: true } capabilities ? capabilities.Encode() : null;
        return usable.Count == 0 ? null : new Offer(usable, announced, time);
    }

    private static IEnumerable<PartnerCertificate> Find(CertificateIdentifier identifier, SignedData signedData, KnownSigners known) =>
        signedData.FindCertificate(identifier) is { } enclosed ? [PartnerCertificate.Of(string.Empty, string.Empty, enclosed)] : known.Find(identifier);

    private HarvestedCertificate? Prove(Offer? offer, SignedData signedData, string author, DateTimeOffset at)
    {
        var proved = offer?.Certificates
            .Select(candidate => trust.Judge(candidate.Certificate, [.. signedData.Certificates, .. candidate.Companions], at).Trusted)
            .FirstOrDefault(trusted => trusted is not null);
        return proved is null ? null : new HarvestedCertificate(author, proved, offer!.Capabilities, offer.Signed);
    }

    /// <summary>What a signer wants known of himself, unproved.</summary>
    /// <param name="Certificates">The certificate he prefers, then his own, as far as they may be encrypted to; at least one.</param>
    /// <param name="Capabilities">What he announces, in DER, or nothing.</param>
    /// <param name="Signed">When he says he signed.</param>
    private sealed record Offer(IReadOnlyList<PartnerCertificate> Certificates, ReadOnlyMemory<byte> Capabilities, DateTimeOffset Signed);
}
