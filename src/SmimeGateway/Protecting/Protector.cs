using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using SmimeGateway.Cms;
using SmimeGateway.Deciding;
using SmimeGateway.Deciding.Options;
using SmimeGateway.Locating;
using SmimeGateway.Mime;
using SmimeGateway.Mime.Hardening;
using SmimeGateway.Mime.ProtectedForms;
using SmimeGateway.Mime.ProtectedHeaders;
using SmimeGateway.Smtp;

namespace SmimeGateway.Protecting;

/// <summary>Applies what a decision asks for to a message, and checks the result before anybody else sees it.</summary>
public sealed class Protector
{
    private readonly TimeProvider _time;

    /// <summary>The clock gives the signing time.</summary>
    public Protector(TimeProvider time) => _time = time;

    /// <summary>Hears of each step when it ends; what it throws ends the work there, as any failure would.</summary>
    internal Action<ProtectingStep>? Reached { get; init; }

    /// <summary>Lets a message leave exactly as it came, because its decision says so.</summary>
    public static ProtectedMessage PassUnchanged(Envelope envelope, ReadOnlyMemory<byte> content) =>
        new(envelope, content, Protection.PassedUnchanged);

    /// <summary>Lets a message leave unsigned because its rule says so for a sender without a certificate.</summary>
    public static ProtectedMessage PassUnsigned(Envelope envelope, ReadOnlyMemory<byte> content) =>
        new(envelope, content, Protection.PassedUnsigned);

    /// <summary>Lets a message leave in plain text because its rule says so for recipients without a certificate.</summary>
    public static ProtectedMessage PassUnencrypted(Envelope envelope, ReadOnlyMemory<byte> content) =>
        new(envelope, content, Protection.PassedUnencrypted);

    /// <summary>
    /// The header fields that stay readable for everybody when a decision is carried out; false, with the reason, where it cannot be.
    /// </summary>
    public bool TryGetFieldsOutside(
        Entity message,
        Decision decision,
        [NotNullWhen(true)] out IReadOnlyList<HeaderField>? fields,
        [NotNullWhen(false)] out ProtectionOutcome? failure)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(decision);
        fields = TryPrepare(message, decision, out var split, out failure) && MayBeSigned(split, decision, out failure) ? split.OuterFields : null;
        return fields is not null;
    }

    /// <summary>
    /// Signs a message for a group of recipients and reads the result back: a message whose signature does not verify is not returned.
    /// </summary>
    public ProtectionOutcome Sign(Envelope envelope, Entity message, Decision decision, Credentials credentials)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(decision);
        ArgumentNullException.ThrowIfNull(credentials);
        if (!TryPrepare(message, decision with { Encrypt = null }, out var split, out var failure)
            || !TrySign(split.OuterFields, split, decision.Sign!.Form, credentials.Signer, out var signed, out failure))
        {
            return failure;
        }

        var protection = signed.Form == SignatureForm.Clear ? Protection.ClearSigned : Protection.OpaqueSigned;
        return new ProtectionOutcome([Ready(envelope, signed.Octets, protection, credentials)], Fault: null)
        {
            SignedContent = signed.Content,
            OpaqueBecause = signed.OpaqueBecause,
        };
    }

    /// <summary>
    /// Does what all encrypted versions of a message have in common: splits it, and signs it where the decision says so. The versions are made one
    /// after the other, each of them read back; when one of them is not what it should be, none may leave.
    /// </summary>
    /// <param name="envelope">The envelope of the message; its recipients are replaced by those of each group.</param>
    /// <param name="message">The message.</param>
    /// <param name="decision">A decision that encrypts.</param>
    /// <param name="credentials">What signs, or null to encrypt alone.</param>
    /// <param name="versions">Makes the versions.</param>
    /// <param name="failure">Why there will be none.</param>
    public bool TryBegin(
        Envelope envelope,
        Entity message,
        Decision decision,
        Credentials? credentials,
        [NotNullWhen(true)] out EncryptedVersions? versions,
        [NotNullWhen(false)] out ProtectionOutcome? failure)
    {
        ArgumentNullException.ThrowIfNull(envelope);
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(decision);
        versions = null;
        if (!TryPrepare(message, decision, out var split, out failure))
        {
            return false;
        }

        var content = split.Content;
        SignedLayer signed = default;
        if (decision.SignsInside && credentials is not null)
        {
            if (!TrySign([], split, decision.Sign!.Form, credentials.Signer, out signed, out failure))
            {
                return false;
            }

            content = new ReadOnlySequence<byte>(signed.Octets);
        }

        if (decision.Encrypt!.Compress)
        {
            content = Compress(content);
        }

        var outerFields = split.OuterFields;
        versions = new EncryptedVersions(signed, group => Encrypt(envelope, outerFields, content, decision, credentials, group));
        return true;
    }

    private ProtectionOutcome Encrypt(
        Envelope envelope,
        IReadOnlyList<HeaderField> outerFields,
        ReadOnlySequence<byte> content,
        Decision decision,
        Credentials? credentials,
        EncryptionGroup group)
    {
        using var encryption = new ContentEncryption(group.Cipher, group.Keys, content);
        Reached?.Invoke(ProtectingStep.KeyEncrypted);
        var outerSigner = decision.SignsOutside ? credentials?.Signer : null;
        CmsFault? flaw = null;
        var octets = Pkcs7Mime.Compose(outerSigner is null ? outerFields : [], encryption.SmimeType, "smime.p7m", encryption.EncodedLength, cms =>
        {
            encryption.Write(cms.Span);
            Reached?.Invoke(ProtectingStep.Encrypted);
            flaw = encryption.Check(cms);
        });
        if (flaw is not null)
        {
            return ProtectionOutcome.Failed($"what was just encrypted cannot be read back: {flaw.Reason}");
        }

        Reached?.Invoke(ProtectingStep.ProvedEncrypted);
        var protection = decision.SignsInside && credentials is not null ? Protection.SignedAndEncrypted : Protection.Encrypted;
        if (outerSigner is not null)
        {
            var signed = SignedLayer.Make(
                outerFields, new ReadOnlySequence<byte>(octets), decision.Sign!.Form, outerSigner, _time.GetUtcNow());
            Reached?.Invoke(ProtectingStep.SignedOutside);
            if (signed.FindFlaw(outerSigner) is { } broken)
            {
                return NotVerified(broken);
            }

            Reached?.Invoke(ProtectingStep.ProvedOutside);
            (octets, protection) = (signed.Octets, Protection.TripleWrapped);
        }

        EnvelopeRecipient[] recipients = [.. group.Recipients.Select(located => located.Recipient).OfType<EnvelopeRecipient>()];
        return new ProtectionOutcome([Ready(envelope with { Recipients = recipients }, octets, protection, credentials)], Fault: null);
    }

    private bool TryPrepare(
        Entity message, Decision decision, [NotNullWhen(true)] out SplitMessage? split, [NotNullWhen(false)] out ProtectionOutcome? failure)
    {
        split = ContentSplit.Split(message);
        failure = null;

        // Before anything is changed: what is not accounted for here would be missing from under a good signature.
        if (OctetAccount.FindLoss(message.Raw, split) is { } loss)
        {
            failure = ProtectionOutcome.Failed($"cannot be taken apart without loss: {loss}", isPermanent: true);
            return false;
        }

        if (!OuterLines.TryFit(split, out split, out var fault))
        {
            failure = ProtectionOutcome.Excessive(fault.Reason);
            return false;
        }

        if (decision.Trigger is { } trigger)
        {
            split = split.WithOuterFields(trigger.Remove(split.OuterFields));
        }

        // A message that is all of what is signed may be shown in place of the one around it (RFC 8551 section 3.1). As a part it is an
        // attachment to everybody.
        if (message.IsMessage && (decision.SignsInside || decision.SignsOutside))
        {
            split = Enclosure.Enclose(split);
        }

        Reached?.Invoke(ProtectingStep.Split);
        split = (decision.ProtectsHeader, decision.Encrypt) switch
        {
            (true, { } encrypt) => HeaderProtection.ForEncrypted(split, encrypt.Options.LegacyDisplay),
            (true, null) => HeaderProtection.ForSigned(split),
            _ => HeaderProtection.None(split),
        };
        if (decision.ProtectsHeader)
        {
            Reached?.Invoke(ProtectingStep.HeaderProtected);
        }

        // Before anything is signed: what cannot be read back would fail in every attempt.
        if (HeaderLimits.FindExcess(split, MimeLimits.Standard) is { } excess)
        {
            failure = ProtectionOutcome.Excessive($"as it would leave, {excess.Reason}");
            return false;
        }

        return true;
    }

    private bool TrySign(
        IReadOnlyList<HeaderField> outerFields,
        SplitMessage split,
        SignatureForm form,
        Signer signer,
        out SignedLayer signed,
        [NotNullWhen(false)] out ProtectionOutcome? failure)
    {
        signed = default;
        failure = null;

        // Base64 carries every byte, so content inside a signature needs no hardening and keeps what it has. That is the form of what
        // relays would break and no hardening can save without changing what somebody reads.
        var part = split.Content;
        string? opaqueBecause = null;
        if (form == SignatureForm.Clear && !TransitHardening.TryHarden(split, MimeLimits.Standard, out part, out var fault))
        {
            if (!fault.AllowsOpaque)
            {
                failure = ProtectionOutcome.Excessive(fault.Reason);
                return false;
            }

            (form, part, opaqueBecause) = (SignatureForm.Opaque, split.Content, fault.Reason);
        }

        signed = SignedLayer.Make(outerFields, part, form, signer, _time.GetUtcNow()) with { OpaqueBecause = opaqueBecause };
        Reached?.Invoke(ProtectingStep.SignedInside);
        if (signed.FindFlaw(signer) is { } flaw)
        {
            failure = NotVerified(flaw);
            return false;
        }

        Reached?.Invoke(ProtectingStep.ProvedInside);
        return true;
    }

    private static bool MayBeSigned(SplitMessage split, Decision decision, [NotNullWhen(false)] out ProtectionOutcome? failure)
    {
        failure = decision is { SignsInside: true, Sign.Form: SignatureForm.Clear }
            && !TransitHardening.TryHarden(split, MimeLimits.Standard, out _, out var fault)
            && !fault.AllowsOpaque
                ? ProtectionOutcome.Excessive(fault.Reason)
                : null;
        return failure is null;
    }

    private ReadOnlySequence<byte> Compress(ReadOnlySequence<byte> content)
    {
        var compressed = CompressedData.Compress(content);
        var entity = Pkcs7Mime.Compose([], CompressedData.SmimeType, "smime.p7z", new ReadOnlySequence<byte>(compressed));
        Reached?.Invoke(ProtectingStep.Compressed);
        return new ReadOnlySequence<byte>(entity);
    }

    private static ProtectedMessage Ready(Envelope envelope, byte[] octets, Protection protection, Credentials? credentials) =>
        new(envelope, octets, protection) { SignerSerial = credentials?.Serials };

    private static ProtectionOutcome NotVerified(string failure) =>
        ProtectionOutcome.Failed($"the signature just made does not verify: {failure}");
}
