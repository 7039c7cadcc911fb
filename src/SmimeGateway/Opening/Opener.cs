using System.Buffers;
using SmimeGateway.Certificates;
using SmimeGateway.Certificates.Trusting;
using SmimeGateway.Cms;
using SmimeGateway.Mime;
using SmimeGateway.Mime.ProtectedForms;

namespace SmimeGateway.Opening;

/// <summary>
/// Opens the S/MIME layers of a message one after the other, down to what they protect. A layer is a CMS object that is the whole body,
/// or a multipart/signed that is: what lies encrypted among foreign parts is never opened, as its neighbours could carry the text away.
/// </summary>
public sealed class Opener
{
    private readonly SignerJudge _judge;
    private readonly CertificateIndex<OwnCertificate> _own;

    /// <summary>Opens with these keys, and judges signers by the store.</summary>
    /// <param name="trust">Judges certificates.</param>
    /// <param name="own">The certificates with keys.</param>
    /// <param name="known">The certificates of signers who did not send theirs along; null for none.</param>
    public Opener(TrustStore trust, IEnumerable<OwnCertificate> own, KnownSigners? known = null)
    {
        _judge = new SignerJudge(trust, known ?? KnownSigners.None);
        _own = new CertificateIndex<OwnCertificate>(own, static one => one.PublicCertificate);
    }

    /// <summary>How many layers are opened at most: triple wrapping and compression make four.</summary>
    public const int MaxLayers = 10;

    /// <summary>Whether mail encrypted by 3DES, DES or RC2 is opened.</summary>
    public bool AllowsWeakCiphers { get; init; }

    /// <summary>What a compressed layer may become at most, in octets.</summary>
    public int MaxInflatedOctets { get; init; } = 104_857_600;

    /// <summary>Opens a message as of a moment. Never throws on bad input: what is wrong is in the result.</summary>
    /// <param name="message">The whole message, CR LF line ends.</param>
    /// <param name="at">The moment at which certificates must be valid.</param>
    public OpenedMessage Open(ReadOnlyMemory<byte> message, DateTimeOffset at)
    {
        var layers = new List<OpenedLayer>();
        if (!Entity.TryParse(message, MimeLimits.Standard, out var entity, out var fault))
        {
            return new OpenedMessage(layers, null, fault.Reason);
        }

        var author = AuthorClaim.Of(entity);
        while (true)
        {
            var kind = ProtectionRecognizer.Recognize(entity);
            byte[]? cms = null;
            MimeFault? mimeFault = null;
            if (IsObject(kind) && Pkcs7Mime.TryRead(entity, out cms, out mimeFault))
            {
                kind = KindOf(cms, kind);
            }

            if (!IsLayer(kind))
            {
                return new OpenedMessage(layers, entity.Raw, null) { HasSignedPart = HasSignedPart(entity, MaxLayers) };
            }

            if (layers.Count == MaxLayers)
            {
                return new OpenedMessage(layers, null, $"the message has more than {MaxLayers} layers");
            }

            ReadOnlyMemory<byte> content = default;
            var layer = mimeFault is null
                ? OpenLayer(kind, entity, cms, author, at, out content)
                : new OpenedLayer(kind) { Fault = mimeFault.Reason };
            layers.Add(layer);
            if (layer.Fault is not null)
            {
                return new OpenedMessage(layers, null, layer.Fault);
            }

            if (!Entity.TryParse(MailLines.Of(content), MimeLimits.Standard, out entity, out fault))
            {
                return new OpenedMessage(layers, null, fault.Reason);
            }
        }
    }

    private static bool IsLayer(ExistingProtection kind) => kind
        is ExistingProtection.ClearSigned or ExistingProtection.OpaqueSigned
        or ExistingProtection.Enveloped or ExistingProtection.AuthEnveloped
        or ExistingProtection.Compressed or ExistingProtection.UnknownSmime;

    private static bool IsObject(ExistingProtection kind) => kind is ExistingProtection.CertificatesOnly
        || (kind != ExistingProtection.ClearSigned && IsLayer(kind));

    // The object says itself what it is; programs and gateways on the way get the label of it wrong, or lose it.
    private static ExistingProtection KindOf(byte[] cms, ExistingProtection labelled) => CmsObject.KindOf(cms) switch
    {
        CmsKind.SignedData when labelled == ExistingProtection.CertificatesOnly && !IsSigned(cms) => labelled,
        CmsKind.SignedData => ExistingProtection.OpaqueSigned,
        CmsKind.EnvelopedData => ExistingProtection.Enveloped,
        CmsKind.AuthEnvelopedData => ExistingProtection.AuthEnveloped,
        CmsKind.CompressedData => ExistingProtection.Compressed,
        CmsKind.Unknown => labelled,
    };

    private static bool IsSigned(byte[] cms) => SignedData.TryRead(cms, out var signed, out _) && signed.Signers.Count > 0;

    private static bool HasSignedPart(Entity entity, int depth) =>
        depth > 0 && entity.TryGetParts(out var parts, out _) && parts.Any(part =>
            ProtectionRecognizer.Recognize(part) is ExistingProtection.ClearSigned or ExistingProtection.OpaqueSigned || HasSignedPart(part, depth - 1));

    private OpenedLayer OpenLayer(
        ExistingProtection kind, Entity entity, byte[]? cms, AuthorClaim author, DateTimeOffset at, out ReadOnlyMemory<byte> content)
    {
        content = default;
        switch (kind)
        {
            case ExistingProtection.ClearSigned or ExistingProtection.OpaqueSigned:
                return Verify(kind, entity, cms, author, at, out content);
            case ExistingProtection.Enveloped or ExistingProtection.AuthEnveloped:
                return Decrypt(kind, cms, out content);
            case ExistingProtection.Compressed:
                return Decompress(kind, cms, out content);
            default:
                return new OpenedLayer(kind) { Fault = "this kind of S/MIME object is not known" };
        }
    }

    private OpenedLayer Verify(
        ExistingProtection kind, Entity entity, byte[]? cms, AuthorClaim author, DateTimeOffset at, out ReadOnlyMemory<byte> content)
    {
        content = default;
        if (!(cms is null ? SignedContent.TryRead(kind, entity, out var signed, out var reason) : SignedContent.TryRead(cms, out signed, out reason)))
        {
            return new OpenedLayer(kind) { Fault = reason };
        }

        content = signed.Content.IsSingleSegment ? signed.Content.First : signed.Content.ToArray();
        if (!signed.Signature.Signers.Any())
        {
            return new OpenedLayer(kind) { Fault = "nobody has signed" };
        }

        return new OpenedLayer(kind) { Signers = _judge.Judge(signed, author, at), Beside = signed.Beside };
    }

    private OpenedLayer Decrypt(ExistingProtection kind, byte[]? cms, out ReadOnlyMemory<byte> content)
    {
        content = default;
        if (!EnvelopedData.TryRead(cms, out var enveloped, out var fault))
        {
            return new OpenedLayer(kind) { Fault = fault.Reason };
        }

        // Many sources open a key only when it is asked for, so only those of recipients are.
        var named = enveloped.Recipients.Select(recipient => (Recipient: recipient, Own: FindOwn(recipient))).ToList();
        var ours = named.SelectMany(recipient => recipient.Own).Distinct().ToList();

        // What the object is counts, not what its header says.
        var layer = new OpenedLayer(enveloped.IsAuthenticated ? ExistingProtection.AuthEnveloped : ExistingProtection.Enveloped)
        {
            Algorithm = enveloped.CipherName,
            Recipients = [.. named.Select(entry => Describe(entry.Recipient, entry.Own))],
        };
        var keys = ours.Select(own => new CmsIdentity(own.Certificate, own.DetachedKey));
        if (!enveloped.TryDecrypt(keys, AllowsWeakCiphers, out var decrypted, out var opener, out fault))
        {
            var closed = fault.Kind == CmsFaultKind.NoMatchingKey ? ours.Find(own => own.KeyFault is not null) : null;
            return layer with { Fault = closed is null ? fault.Reason : $"the key of {closed.Traits.Subject} cannot be used: {closed.KeyFault}" };
        }

        if (!enveloped.IsContentData)
        {
            return layer with { Fault = $"the encrypted content is of type {enveloped.ContentType}, which is not mail" };
        }

        content = decrypted;
        return layer with { OpenedWith = ours.Find(own => ReferenceEquals(own.Certificate, opener.Certificate)) };
    }

    private OpenedLayer Decompress(ExistingProtection kind, byte[]? cms, out ReadOnlyMemory<byte> content)
    {
        content = default;
        var layer = new OpenedLayer(kind) { Algorithm = "zlib" };
        if (!CompressedData.TryDecompress(cms, MaxInflatedOctets, out var inflated, out var fault))
        {
            return layer with { Fault = fault.Reason };
        }

        content = inflated;
        return layer;
    }

    private List<OwnCertificate> FindOwn(RecipientInfo recipient) =>
        recipient.Identifier is { } identifier ? [.. _own.Find(identifier)] : [];

    private static LayerRecipient Describe(RecipientInfo recipient, List<OwnCertificate> own) =>
        new(recipient.Identifier?.ToString() ?? recipient.AlgorithmName, recipient.AlgorithmName, own.FirstOrDefault())
        {
            Identifier = recipient.Identifier,
        };
}
