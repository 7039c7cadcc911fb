using SmimeGateway.Certificates.Trusting;
using SmimeGateway.Mime;

namespace SmimeGateway.Opening;

/// <summary>Verifies the outermost signatures of a message somebody else made, down to the trust in the signer's certificate.</summary>
public sealed class SignatureCheck
{
    private readonly SignerJudge _judge;

    /// <summary>Judges certificates by the given store.</summary>
    public SignatureCheck(TrustStore trust) => _judge = new SignerJudge(trust);

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
            ExistingProtection.ClearSigned or ExistingProtection.OpaqueSigned => SignedContent.TryRead(form, entity, out var signed, out var reason)
                ? new SignatureReport(form, _judge.Judge(signed, AuthorClaim.Of(entity), at), Fault: null)
                : new SignatureReport(form, [], reason),
            ExistingProtection.None => new SignatureReport(form, [], "the message is not signed"),
            ExistingProtection.Enveloped or ExistingProtection.AuthEnveloped =>
                new SignatureReport(form, [], "the message is encrypted, and not signed outside"),
            _ => new SignatureReport(form, [], "this kind of protection has no signature that can be verified"),
        };
    }
}
