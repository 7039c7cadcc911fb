using SmimeGateway.Cms;
using SmimeGateway.Deciding.Options;

namespace SmimeGateway.Deciding;

/// <summary>How a message is encrypted: what its rule says, and <c>encryption</c> where the rule says nothing.</summary>
public sealed class EncryptTerms
{
    // A rule that lists ciphers of its own says that its recipients read all of them.
    private readonly IReadOnlyList<ContentCipher> _assumed;

    /// <summary>Puts the two together.</summary>
    public EncryptTerms(EncryptOptions rule, EncryptionOptions defaults)
    {
        ArgumentNullException.ThrowIfNull(rule);
        ArgumentNullException.ThrowIfNull(defaults);
        Options = rule;
        HasOwnCiphers = rule.Ciphers.Count > 0;
        Ciphers = HasOwnCiphers ? rule.Ciphers : defaults.Ciphers;
        UnknownCapabilities = rule.UnknownCapabilities ?? (HasOwnCiphers ? rule.Ciphers[0] : defaults.UnknownCapabilities);
        _assumed = HasOwnCiphers ? [UnknownCapabilities, .. Ciphers.Where(cipher => cipher != UnknownCapabilities)] : [UnknownCapabilities];
        KeyTransport = rule.KeyTransport ?? defaults.KeyTransport;
        IdentifyBy = rule.IdentifyBy ?? defaults.IdentifyBy;
        BlindCopies = rule.BlindCopies ?? defaults.BlindCopies;
        IncludeSender = rule.IncludeSender ?? defaults.IncludeSender;
        Compress = rule.Compress ?? defaults.Compress;
    }

    /// <summary>The rule's own words.</summary>
    public EncryptOptions Options { get; }

    /// <summary>The ciphers that may be used, the best first.</summary>
    public IReadOnlyList<ContentCipher> Ciphers { get; }

    /// <summary>True when the rule itself lists the ciphers, and thereby states what its partners read.</summary>
    public bool HasOwnCiphers { get; }

    /// <summary>The cipher for recipients who announced nothing that may be used.</summary>
    public ContentCipher UnknownCapabilities { get; }

    /// <summary>For recipients with RSA keys.</summary>
    public KeyTransport KeyTransport { get; }

    /// <summary>How certificates are named.</summary>
    public RecipientNaming IdentifyBy { get; }

    /// <summary>How blind recipients get the message.</summary>
    public BlindCopyTreatment BlindCopies { get; }

    /// <summary>Whether the author is a recipient too.</summary>
    public bool IncludeSender { get; }

    /// <summary>Whether the content is compressed first.</summary>
    public bool Compress { get; }

    /// <summary>
    /// What may be used for somebody, the preferred first: of what was announced to be read what the list allows, and where that is nothing
    /// what is assumed of those who announced nothing. Never empty: what was announced long ago must not make mail impossible.
    /// </summary>
    /// <param name="announced">What was announced, the preferred first; null when nothing is known.</param>
    public IReadOnlyList<ContentCipher> UsableFor(IReadOnlyList<ContentCipher>? announced) =>
        announced?.Any(Ciphers.Contains) == true ? [.. announced.Where(Ciphers.Contains)] : _assumed;
}
