using SmimeGateway.Certificates;
using SmimeGateway.Certificates.Trusting;
using SmimeGateway.Cms;

namespace SmimeGateway.Opening;

/// <summary>Judges each signer of a content: the signature, the trust in the certificate, and whether it is the author's.</summary>
internal sealed class SignerJudge(TrustStore trust)
{
    /// <summary>One verdict for each signer, in their order.</summary>
    public IReadOnlyList<SignerVerdict> Judge(SignedContent signed, AuthorClaim author, DateTimeOffset at)
    {
        var claim = author.With(signed.Content.First);
        return [.. signed.Signature.Signers.Select(signer => Judge(signer, signed, claim, at))];
    }

    private SignerVerdict Judge(SignerInfo signer, SignedContent signed, AuthorClaim author, DateTimeOffset at)
    {
        var signatureFault = signer.Verify(signed.Content)?.Reason;
        if (signer.Certificate is not { } certificate)
        {
            return new SignerVerdict(
                null, null, null, [], signer.SignatureAlgorithmName, signer.DigestName, signer.SigningTime,
                signatureFault ?? "the message does not carry the signer's certificate", ["there is no certificate to trust"], IsAuthor: false);
        }

        var traits = CertificateTraits.Read(certificate);
        return new SignerVerdict(
            traits.Subject,
            traits.Issuer,
            traits.SerialNumber,
            traits.Addresses,
            signer.SignatureAlgorithmName,
            signer.DigestName,
            signer.SigningTime,
            signatureFault,
            trust.Judge(certificate, signed.Signature.Certificates, at).Reasons,
            author.IsBorneOutBy(traits));
    }
}
