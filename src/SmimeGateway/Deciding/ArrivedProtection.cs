using System.Buffers;
using SmimeGateway.Cms;
using SmimeGateway.Mime;
using SmimeGateway.Mime.ProtectedForms;

namespace SmimeGateway.Deciding;

/// <summary>
/// The protection a message arrives with. Header fields only claim it; what counts is proved from the body, for the whole of it: nothing
/// readable stands beside an encrypted object, and a signature verifies over all there is to see. What cannot be proved counts for nothing,
/// and the message is treated like any other. Not for use by several threads at a time.
/// </summary>
public sealed class ArrivedProtection
{
    // More of them say no more, and each costs a public-key operation.
    private const int MaxProvedSigners = 4;

    private readonly Entity _message;
    private Proof? _proof;

    private ArrivedProtection(Entity message)
    {
        _message = message;
        Claimed = ProtectionRecognizer.Recognize(message);
    }

    /// <summary>What the message says it is.</summary>
    public ExistingProtection Claimed { get; }

    /// <summary>Whether the whole of it is encrypted. Proved when first asked for.</summary>
    public bool IsEncrypted => Proved.Kind is ProvedKind.Encrypted;

    /// <summary>Whether the whole of it is signed, by whomever. Proved when first asked for.</summary>
    public bool IsSigned => Proved.Kind is ProvedKind.Signed;

    private Proof Proved => _proof ??= Prove();

    /// <summary>Looks at a message; proves nothing yet.</summary>
    public static ArrivedProtection Of(Entity message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return new ArrivedProtection(message);
    }

    /// <summary>What was recognised, for the log: the form, and the proof or what is wrong with it.</summary>
    public override string ToString() => Proved.Words;

    private Proof Prove()
    {
        // It would leave as it came, so every line of its header counts.
        if (Claimed != ExistingProtection.None && StructureReadings.OfPart(_message) is not [_])
        {
            return Doubt("programs read different types in its header");
        }

        switch (Claimed)
        {
            case ExistingProtection.None:
                return new Proof(ProvedKind.Nothing, "unprotected");
            case ExistingProtection.ClearSigned:
                return WholeBody.TryReadSigned(_message, out var part, out var signature, out var fault)
                    ? ProveSignature(signature, new ReadOnlySequence<byte>(part))
                    : Doubt(fault.Reason);
            case ExistingProtection.PgpSigned:
                return WholeBody.IsPgpSigned(_message, out fault) ? Signed("OpenPGP, not verified") : Doubt(fault.Reason);
            case ExistingProtection.PgpEncrypted:
                return WholeBody.IsPgpEncrypted(_message, out fault) ? Encrypted("OpenPGP") : Doubt(fault.Reason);
            case ExistingProtection.PgpInline:
                return WholeBody.IsPgpEncryptedText(_message, out _) ? Encrypted("OpenPGP")
                    : WholeBody.IsPgpSignedText(_message, out fault) ? Signed("OpenPGP, not verified")
                    : Doubt(fault.Reason);
            default:
                // What the object is counts, not what its label says.
                return WholeBody.TryReadCms(_message, out var cms, out fault) ? ProveCms(cms) : Doubt(fault.Reason);
        }
    }

    private Proof ProveCms(ReadOnlyMemory<byte> cms)
    {
        if (!EnvelopedData.TryRead(cms, out var enveloped, out var fault))
        {
            return fault.Kind == CmsFaultKind.NotEnvelopedData ? ProveSignature(cms, detached: null) : Doubt(fault.Reason);
        }

        return !IsAll(cms, enveloped.EncodedLength) ? Doubt("octets follow the encrypted object")
            : !enveloped.HidesAll ? Doubt("the encrypted object holds more than what it hides, or hides nothing by a cipher known here")
            : Encrypted($"to {enveloped.Recipients.Count} key(s) by {enveloped.CipherName}");
    }

    private Proof ProveSignature(ReadOnlyMemory<byte> cms, ReadOnlySequence<byte>? detached)
    {
        if (!SignedData.TryRead(cms, out var signed, out var fault))
        {
            return Doubt(fault.Reason);
        }

        if (!IsAll(cms, signed.EncodedLength))
        {
            return Doubt("octets follow the signature");
        }

        if (signed.Signers.Count == 0 || (detached ?? signed.Content) is not { } content)
        {
            return Doubt(signed.Signers.Count == 0 ? "nobody has signed" : "the signature comes without the content it is for");
        }

        // A signature that was broken on the way helps nobody: a new one around it says what arrived here.
        CmsFault? broken = null;
        foreach (var signer in signed.Signers.Take(MaxProvedSigners))
        {
            broken = signer.Verify(content);
            if (broken is null)
            {
                return Signed($"by {signer.Identifier}");
            }
        }

        return Doubt(broken!.Reason);
    }

    // Line ends behind an object close the message that carries it unencoded.
    private static bool IsAll(ReadOnlyMemory<byte> cms, int length) => cms.Span[length..].Trim("\r\n"u8).IsEmpty;

    private Proof Encrypted(string how) => new(ProvedKind.Encrypted, $"{ClaimedWords}, encrypted {how}");

    private Proof Signed(string how) => new(ProvedKind.Signed, $"{ClaimedWords}, signed {how}");

    private Proof Doubt(string reason) => new(ProvedKind.Nothing, $"{ClaimedWords} by its label only: {reason.TrimEnd('.')}");

    private string ClaimedWords => Claimed switch
    {
        ExistingProtection.None => "no S/MIME",
        ExistingProtection.ClearSigned => "S/MIME multipart/signed",
        ExistingProtection.OpaqueSigned => "S/MIME signed-data",
        ExistingProtection.Enveloped => "S/MIME enveloped-data",
        ExistingProtection.AuthEnveloped => "S/MIME authEnveloped-data",
        ExistingProtection.Compressed => "S/MIME compressed-data",
        ExistingProtection.CertificatesOnly => "S/MIME certs-only",
        ExistingProtection.UnknownSmime => "S/MIME of an unknown kind",
        ExistingProtection.PgpSigned => "PGP/MIME signed",
        ExistingProtection.PgpEncrypted => "PGP/MIME encrypted",
        ExistingProtection.PgpInline => "OpenPGP in the text",
    };

    private enum ProvedKind
    {
        Nothing,
        Signed,
        Encrypted,
    }

    private sealed record Proof(ProvedKind Kind, string Words);
}
