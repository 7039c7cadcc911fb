using System.Security.Cryptography.X509Certificates;
using SmimeGateway.Certificates;
using SmimeGateway.Certificates.Trusting;
using SmimeGateway.Cms;
using SmimeGateway.Mime;

namespace SmimeGateway.Opening;

/// <summary>Finds in a signed message the certificate its author wants answers to be encrypted to (RFC 8551, section 2.5.3).</summary>
/// <param name="trust">Judges certificates.</param>
internal sealed class HarvestReader(TrustStore trust)
{
    private readonly SignerJudge _judge = new(trust);

    /// <summary>
    /// The certificates of a message: none unless the signature is right, its certificate is trusted and names the only address of the header
    /// From. Never throws on bad input.
    /// </summary>
    /// <param name="message">The whole message.</param>
    /// <param name="at">When it came.</param>
    public IReadOnlyList<HarvestedCertificate> Read(ReadOnlyMemory<byte> message, DateTimeOffset at)
    {
        if (!Entity.TryParse(message, MimeLimits.Standard, out var entity, out _)
            || ProtectionRecognizer.Recognize(entity) is var form && form is not (ExistingProtection.ClearSigned or ExistingProtection.OpaqueSigned)
            || !SignedContent.TryRead(form, entity, out var signed, out _))
        {
            return [];
        }

        var claim = AuthorClaim.Of(entity);
        return [.. _judge.Judge(signed, claim, at)
            .Zip(signed.Signature.Signers)
            .Where(judged => judged.First.IsGood)
            .Select(judged => Read(judged.Second, signed.Signature, claim.Addresses[0]!, at))
            .OfType<HarvestedCertificate>()];
    }

    private HarvestedCertificate? Read(SignerInfo signer, SignedData signedData, string author, DateTimeOffset at)
    {
        var preferred = signer.EncryptionKeyPreference is { } preference ? signedData.FindCertificate(preference) : null;
        if ((FindUsable(preferred, signedData, author, at) ?? FindUsable(signer.Certificate, signedData, author, at)) is not { } certificate)
        {
            return null;
        }

        // Where collisions of the digest can be made, somebody else may have chosen the attributes; the certificate proves itself.
        var capabilities = signer.IsDigestWeak ? null : signer.Capabilities?.Encode();

        // Who claims to sign in the future must not outlive what he announces later.
        var announced = signer.SigningTime is { } time && time < at ? time : at;
        return new HarvestedCertificate(author, certificate, capabilities, announced);
    }

    private TrustedCertificate? FindUsable(X509Certificate2? certificate, SignedData signedData, string author, DateTimeOffset at)
        => certificate is not null
            && CertificateTraits.Read(certificate) is { AllowsEncryption: true } traits
            && traits.HasAddress(author)
            ? trust.Judge(certificate, signedData.Certificates, at).Trusted
            : null;
}
