using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using SmimeGateway.Certificates;
using SmimeGateway.Certificates.Trusting;
using SmimeGateway.Cms;

namespace SmimeGateway.Opening;

/// <summary>
/// Judges each signer of a content as RFC 8550 asks: the signature and its strength, its time, the trust in the certificate, whether that
/// may sign, and whether it is the author's.
/// </summary>
internal sealed class SignerJudge(TrustStore trust, KnownSigners known)
{
    /// <summary>Clocks are not all right. More would let somebody announce what nobody could take back for as long.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(10);

    /// <summary>A message is signed when it is written or later, on its way. Thunderbird allows an hour as well.</summary>
    private static readonly TimeSpan MaxAheadOfSigning = TimeSpan.FromHours(1);

    /// <summary>One verdict for each signer, in their order.</summary>
    public IReadOnlyList<SignerVerdict> Judge(SignedContent signed, AuthorClaim author, DateTimeOffset at)
    {
        var claim = author.With(signed.Content.First);
        return [.. signed.Signature.Signers.Select(signer => Judge(signer, signed, claim, at))];
    }

    private SignerVerdict Judge(SignerInfo signer, SignedContent signed, AuthorClaim author, DateTimeOffset at)
    {
        var found = signer.Certificate is null ? FindKnown(signer, signed, author, at) : null;
        var fault = signer.Verify(signed.Content, found?.Certificate);
        var isVerifiable = fault?.Kind is not (CmsFaultKind.UnsupportedAlgorithm or CmsFaultKind.SignerCertificateMissing or CmsFaultKind.SignerCertificateUnreadable);
        if ((signer.Certificate ?? found?.Certificate) is not { } certificate)
        {
            return new SignerVerdict(
                null, null, null, [], signer.SignatureAlgorithmName, signer.DigestName, signer.SigningTime,
                "the message does not carry the signer's certificate, and no source has it",
                ["there is no certificate to trust"],
                "there is no certificate that names the author")
            {
                IsVerifiable = isVerifiable,
            };
        }

        var traits = CertificateTraits.Read(certificate);
        var verdict = trust.Judge(certificate, [.. signed.Signature.Certificates, .. found?.Companions ?? []], at);
        return new SignerVerdict(
            traits.Subject,
            traits.Issuer,
            traits.SerialNumber,
            traits.Addresses,
            signer.SignatureAlgorithmName,
            signer.DigestName,
            signer.SigningTime,
            fault?.Reason,
            [.. verdict.Reasons, .. FindUsageFault(traits)],
            author.Refuse(traits))
        {
            IsVerifiable = isVerifiable,
            FoundIn = found?.Location,
            Weaknesses = [.. FindWeaknesses(signer, certificate, verdict)],
            TimeFaults = signer.SigningTime is { } time ? [.. FindTimeFaults(time, traits, author, at)] : [],
        };
    }

    // Certificates that were renewed with the same key share its identifier; the signature may say which of them it is of (RFC 5035).
    private PartnerCertificate? FindKnown(SignerInfo signer, SignedContent signed, AuthorClaim author, DateTimeOffset at)
    {
        PartnerCertificate[] candidates =
        [
            .. known.Find(signer.Identifier)
                .OrderByDescending(candidate => author.Refuse(candidate.Traits) is null)
                .ThenByDescending(candidate => candidate.Traits.IsValidAt(at))
                .ThenByDescending(candidate => candidate.Traits.NotAfter),
        ];
        return candidates.FirstOrDefault(candidate => signer.Verify(signed.Content, candidate.Certificate) is null) ?? candidates.FirstOrDefault();
    }

    // RFC 8550 sections 4.4.2 and 4.4.4. A certificate that cannot be read at all is refused for that already.
    private static IEnumerable<string> FindUsageFault(CertificateTraits traits)
    {
        if (traits.Fault is null && !traits.AllowsSigning)
        {
            yield return $"{traits.Subject}: its key usage or extended key usage does not allow signatures on mail";
        }
    }

    // RFC 8551 section 4.3 and RFC 8550 section 4.3: such signatures should not be verified, as others can make them.
    private static IEnumerable<string> FindWeaknesses(SignerInfo signer, X509Certificate2 certificate, TrustVerdict verdict)
    {
        if (signer.IsDigestWeak)
        {
            yield return $"the signature is made with {signer.DigestName}, which is broken";
        }

        var above = verdict.Trusted?.Chain ?? [];
        foreach (var traits in above.Prepend(certificate).Select(CertificateTraits.Read))
        {
            if (traits.KeyWeakness is { } key)
            {
                yield return $"{traits.Subject}: {key}";
            }

            // What a root says of itself is trusted for other reasons.
            if (traits.SignatureWeakness is { } signature && !traits.IsSelfSigned)
            {
                yield return $"{traits.Subject}: {signature}";
            }
        }
    }

    private static IEnumerable<string> FindTimeFaults(DateTimeOffset signed, CertificateTraits traits, AuthorClaim author, DateTimeOffset at)
    {
        if (signed > at + Skew)
        {
            yield return $"it claims to be signed in the future, on {Moment(signed)}";
        }

        if (traits.Fault is null && (signed < traits.NotBefore - Skew || signed > traits.NotAfter))
        {
            yield return $"it was signed on {Moment(signed)}, when its certificate was not valid";
        }

        // Date is not signed: an old message may have been given a new one.
        if (author.Dates.Any(date => date > signed + MaxAheadOfSigning))
        {
            yield return $"it was signed on {Moment(signed)}, long before the Date of the message";
        }
    }

    private static string Moment(DateTimeOffset moment) => moment.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
}
