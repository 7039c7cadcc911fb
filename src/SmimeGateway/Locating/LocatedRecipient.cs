using SmimeGateway.Certificates;
using SmimeGateway.Cms;
using SmimeGateway.Smtp;

namespace SmimeGateway.Locating;

/// <summary>A recipient, or the author, and the certificates to encrypt to.</summary>
/// <param name="Address">Whose they are.</param>
/// <param name="Keys">All usable ones, prepared; empty when there is none.</param>
/// <param name="Certificates">The same, with what is known of them.</param>
/// <param name="Remarks">Why others were not taken, and what sources had nothing.</param>
public sealed record LocatedRecipient(
    string Address, IReadOnlyList<CmsRecipient> Keys, IReadOnlyList<PartnerCertificate> Certificates, IReadOnlyList<string> Remarks)
{
    /// <summary>The recipient in the envelope; null for an author who is not one.</summary>
    public EnvelopeRecipient? Recipient { get; init; }

    /// <summary>Of the ciphers that may be used, those the owner announced to read, the preferred first; null when none is known.</summary>
    public IReadOnlyList<ContentCipher>? Announced { get; init; }

    /// <summary>True when nothing was found and a source could not be asked, so that nothing is known.</summary>
    public bool IsUnreachable { get; init; }

    /// <summary>True when there is nothing to encrypt to.</summary>
    public bool IsMissing => Keys.Count == 0;

    /// <summary>What a program must know to read a message with all of the keys.</summary>
    public KeyManagement Management => Keys.Select(key => key.Management).DefaultIfEmpty().Max();

    /// <summary>All remarks in one line, for the log.</summary>
    public string Reason => string.Join("; ", Remarks.Select(remark => remark.TrimEnd('.')));
}
