using System.Buffers;
using SmimeGateway.Certificates;
using SmimeGateway.Certificates.Trusting;
using SmimeGateway.Cms;
using SmimeGateway.Mime;

namespace SmimeGateway.Opening;

/// <summary>Verifies the signatures of a message somebody else made, down to the trust in the signer's certificate.</summary>
public sealed class SignatureCheck
{
    private readonly TrustStore _trust;

    /// <summary>Judges certificates by the given store.</summary>
    public SignatureCheck(TrustStore trust) => _trust = trust;

    /// <summary>Verifies a message as of a moment. Never throws on bad input: what is wrong is in the report.</summary>
    /// <param name="message">The whole message, CR LF line ends.</param>
    /// <param name="at">The moment at which certificates must be valid.</param>
    public SignatureReport Verify(ReadOnlyMemory<byte> message, DateTimeOffset at)
    {
        if (!Entity.TryParse(message, MimeLimits.Standard, out var entity, out var fault))
        {
            return new SignatureReport(ExistingProtection.None, [], fault.Reason);
        }

        var form = ProtectionRecognizer.Recognize(entity);
        return form switch
        {
            ExistingProtection.ClearSigned => MultipartSigned.TryRead(entity, out var part, out var signature, out fault)
                ? Judge(form, entity, signature, new ReadOnlySequence<byte>(part), at)
                : new SignatureReport(form, [], fault.Reason),
            ExistingProtection.OpaqueSigned => Pkcs7Mime.TryRead(entity, out var cms, out fault)
                ? Judge(form, entity, cms, detached: null, at)
                : new SignatureReport(form, [], fault.Reason),
            ExistingProtection.None => new SignatureReport(form, [], "the message is not signed"),
            _ => new SignatureReport(form, [], "this kind of protection cannot be verified by this version"),
        };
    }

    private SignatureReport Judge(ExistingProtection form, Entity message, byte[] cms, ReadOnlySequence<byte>? detached, DateTimeOffset at)
    {
        if (!SignedData.TryRead(cms, out var signedData, out var fault))
        {
            return new SignatureReport(form, [], fault.Reason);
        }

        if ((detached ?? signedData.Content) is not { } content)
        {
            return new SignatureReport(form, [], "the signature comes without the content it is for");
        }

        return new SignatureReport(form, [.. signedData.Signers.Select(signer => Judge(signer, content, signedData, message, at))], Fault: null);
    }

    private SignerVerdict Judge(SignerInfo signer, ReadOnlySequence<byte> content, SignedData signedData, Entity message, DateTimeOffset at)
    {
        var signatureFault = signer.Verify(content)?.Reason;
        if (signer.Certificate is not { } certificate)
        {
            return new SignerVerdict(
                null, null, null, [], signer.SignatureAlgorithmName, signer.DigestName, signer.SigningTime,
                signatureFault ?? "the message does not carry the signer's certificate", ["there is no certificate to trust"], IsAuthor: false);
        }

        var traits = CertificateTraits.Read(certificate);
        var author = message.Header.Find("From") is { } from && AddressList.TryParse(from.Body, out var mailboxes) && mailboxes.Count == 1
            ? mailboxes[0].Address
            : null;
        return new SignerVerdict(
            traits.Subject,
            traits.Issuer,
            traits.SerialNumber,
            traits.Addresses,
            signer.SignatureAlgorithmName,
            signer.DigestName,
            signer.SigningTime,
            signatureFault,
            _trust.Judge(certificate, signedData.Certificates, at).Reasons,
            author is not null && traits.HasAddress(author));
    }
}
