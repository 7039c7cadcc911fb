using System.Collections;

namespace SmimeGateway.Certificates.Finding;

/// <summary>
/// The certificates of a source that name an address, usable or not, and what of the address alone the source could not read: only whoever
/// chooses among them knows whether they do without it.
/// </summary>
public sealed class PartnerCertificateCollection : IReadOnlyList<PartnerCertificate>
{
    private readonly IReadOnlyList<PartnerCertificate> _found;

    /// <summary>What was found, and what could not be read.</summary>
    public PartnerCertificateCollection(IReadOnlyList<PartnerCertificate> found, IReadOnlyList<SourceProblem>? unread = null)
    {
        _found = found;
        Unread = unread ?? [];
    }

    /// <summary>Nothing at all.</summary>
    public static PartnerCertificateCollection Empty { get; } = new([]);

    /// <summary>Behind what there may be more certificates of the address.</summary>
    public IReadOnlyList<SourceProblem> Unread { get; }

    /// <inheritdoc />
    public int Count => _found.Count;

    /// <inheritdoc />
    public PartnerCertificate this[int index] => _found[index];

    /// <inheritdoc />
    public IEnumerator<PartnerCertificate> GetEnumerator() => _found.GetEnumerator();

    /// <inheritdoc />
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
