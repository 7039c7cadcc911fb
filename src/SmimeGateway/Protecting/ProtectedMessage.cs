using SmimeGateway.Smtp;

namespace SmimeGateway.Protecting;

/// <summary>
/// What was done to a message so that it may leave. Passing it on unchanged is a protection too: one that a rule chose. The queue writes
/// these numbers down, so none of them ever changes its meaning.
/// </summary>
public enum Protection
{
    /// <summary>Relayed as it came, because the decision says so.</summary>
    PassedUnchanged = 0,

    /// <summary>Signed, with the content readable by every client (multipart/signed).</summary>
    ClearSigned = 1,

    /// <summary>Signed, with the content inside the CMS object (application/pkcs7-mime).</summary>
    OpaqueSigned = 2,

    /// <summary>A report of the gateway's own.</summary>
    OwnReport = 3,

    /// <summary>Relayed as it came although a rule wanted it signed: no certificate was found, and the rule lets such mail pass.</summary>
    PassedUnsigned = 4,

    /// <summary>Relayed as it came although a rule wanted it encrypted: the rule lets mail pass to recipients without a certificate.</summary>
    PassedUnencrypted = 5,

    /// <summary>Encrypted.</summary>
    Encrypted = 6,

    /// <summary>Signed, then encrypted.</summary>
    SignedAndEncrypted = 7,

    /// <summary>Signed, encrypted, and signed again.</summary>
    TripleWrapped = 8,

    /// <summary>Sealed with the gateway's own key until there is a certificate to encrypt to. It leaves only as another message.</summary>
    Held = 9,
}

/// <summary>
/// A message that may leave: whatever its decision demands has been done. Only this folder makes one (an architecture test sees to
/// it), and the queue takes nothing else, so that nothing unprotected can reach the disk or a next hop.
/// </summary>
public sealed class ProtectedMessage
{
    private readonly ReadOnlyMemory<byte> _content;

    internal ProtectedMessage(Envelope envelope, ReadOnlyMemory<byte> content, Protection protection)
    {
        Envelope = envelope;
        _content = content;
        Length = content.Length;
        Protection = protection;
    }

    private ProtectedMessage(ProtectedMessage message, object place)
        : this(message.Envelope, default, message.Protection)
    {
        Length = message.Length;
        SignerSerial = message.SignerSerial;
        SigningDomains = message.SigningDomains;
        Place = place;
    }

    /// <summary>The sender and the group of recipients that get these bytes.</summary>
    public Envelope Envelope { get; }

    /// <summary>Header section, blank line and body with CR LF line ends, as they go onto the wire before dot-stuffing.</summary>
    /// <exception cref="InvalidOperationException">The queue has laid it down.</exception>
    public ReadOnlyMemory<byte> Content => Place is null ? _content : throw new InvalidOperationException("The content lies in the queue.");

    /// <summary>How many octets the content has.</summary>
    public int Length { get; }

    /// <summary>What was done.</summary>
    public Protection Protection { get; }

    /// <summary>True when somebody's certificate signed it, inside or outside.</summary>
    public bool IsSigned => Protection is Protection.ClearSigned or Protection.OpaqueSigned or Protection.SignedAndEncrypted or Protection.TripleWrapped;

    /// <summary>True when nobody reads it but its recipients.</summary>
    public bool IsEncrypted => Protection is Protection.Encrypted or Protection.SignedAndEncrypted or Protection.TripleWrapped;

    /// <summary>The serial number of the certificate it is signed with; null when it is not.</summary>
    public string? SignerSerial { get; internal init; }

    /// <summary>The domains that signed it (DKIM), with their selectors; null where that is still to be seen.</summary>
    public IReadOnlyList<string>? SigningDomains { get; private init; }

    /// <summary>Where the queue has laid the content down; null while it is in memory.</summary>
    internal object? Place { get; }

    /// <summary>The same message with the signatures of domains, which are the last that it gets.</summary>
    internal ProtectedMessage With(ReadOnlyMemory<byte> content, IReadOnlyList<string> signingDomains) =>
        new(Envelope, content, Protection) { SignerSerial = SignerSerial, SigningDomains = signingDomains };

    /// <summary>The same message, once the queue has laid its content down.</summary>
    internal ProtectedMessage LaidDown(object place) => new(this, place);
}
