using System.Buffers;
using SmimeGateway.Deciding;
using SmimeGateway.Locating;
using SmimeGateway.Mime;
using SmimeGateway.Smtp;

namespace SmimeGateway.Protecting;

/// <summary>Applies what a decision asks for to a message, and checks the result before anybody else sees it.</summary>
public sealed class Protector
{
    private readonly TimeProvider _time;

    /// <summary>The clock gives the signing time.</summary>
    public Protector(TimeProvider time) => _time = time;

    /// <summary>Lets a message leave exactly as it came, because its decision says so.</summary>
    public static ProtectedMessage PassUnchanged(Envelope envelope, ReadOnlyMemory<byte> content) =>
        new(envelope, content, Protection.PassedUnchanged);

    /// <summary>Lets a message leave unsigned because its rule says so for a sender without a certificate.</summary>
    public static ProtectedMessage PassUnsigned(Envelope envelope, ReadOnlyMemory<byte> content) =>
        new(envelope, content, Protection.PassedUnsigned);

    /// <summary>
    /// Signs a message for a group of recipients and reads the result back: a message whose signature does not verify is not returned.
    /// </summary>
    public ProtectionOutcome Sign(Envelope envelope, Entity message, SignOptions sign, Credentials credentials)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(sign);
        ArgumentNullException.ThrowIfNull(credentials);

        return sign.Form == SignatureForm.Clear
            ? Clear(envelope, message, credentials)
            : Opaque(envelope, message, credentials);
    }

    private ProtectionOutcome Clear(Envelope envelope, Entity message, Credentials credentials)
    {
        var split = ContentSplit.Split(message);
        if (!TransitHardening.TryHarden(split, MimeLimits.Standard, out var part, out var fault))
        {
            return Unsignable(fault);
        }

        var signature = credentials.Signer.SignDetached(part, _time.GetUtcNow());
        var signed = MultipartSigned.Compose(split.OuterFields, part, credentials.Signer.MicAlg, signature);

        return SignatureProof.OfClear(signed, credentials.Signer) is { } failure
            ? NotVerified(failure)
            : Done(envelope, signed, Protection.ClearSigned, part, credentials);
    }

    private ProtectionOutcome Opaque(Envelope envelope, Entity message, Credentials credentials)
    {
        // Base64 carries every byte, so the content needs no hardening and keeps what it has.
        var split = ContentSplit.Split(message);
        var content = split.Content;
        var cms = credentials.Signer.SignEncapsulated(content, _time.GetUtcNow());
        var signed = Pkcs7Mime.Compose(split.OuterFields, "signed-data", "smime.p7m", cms);

        return SignatureProof.OfOpaque(signed, content, credentials.Signer) is { } failure
            ? NotVerified(failure)
            : Done(envelope, signed, Protection.OpaqueSigned, content, credentials);
    }

    private static ProtectionOutcome Done(
        Envelope envelope, ReadOnlyMemory<byte> content, Protection protection, ReadOnlySequence<byte> signedContent, Credentials credentials) =>
        new(new ProtectedMessage(envelope, content, protection) { SignerSerial = credentials.Certificate.Traits.SerialNumber }, Fault: null)
        {
            SignedContent = signedContent,
        };

    private static ProtectionOutcome Unsignable(MimeFault fault) =>
        new(Message: null, $"cannot be signed: {fault.Reason}", IsPermanent: true);

    private static ProtectionOutcome NotVerified(string failure) =>
        new(Message: null, $"the signature just made does not verify: {failure}");
}
