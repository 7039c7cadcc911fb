using SmimeGateway.Certificates;
using SmimeGateway.Cms;

namespace SmimeGateway.Locating;

/// <summary>What looking for credentials came to.</summary>
/// <param name="Found">The credentials, or null.</param>
/// <param name="Remarks">Every certificate that was refused, and every source that had none, with the reason.</param>
/// <param name="IsUnreachable">
/// True when something was not found and a source could not be asked, so that nothing is known: the message is put off, whatever the rule
/// says about missing certificates.
/// </param>
public sealed record CredentialSearch(Credentials? Found, IReadOnlyList<string> Remarks, bool IsUnreachable = false)
{
    /// <summary>True when a second signature was asked for and there is nothing to make it with.</summary>
    public bool LacksSecond { get; init; }

    /// <summary>All remarks in one line, for the log.</summary>
    public string Reason => string.Join("; ", Remarks.Select(remark => remark.TrimEnd('.')));
}

/// <summary>What signing one message needs.</summary>
/// <param name="Certificate">The signer's certificate and where it comes from.</param>
/// <param name="Signer">Signs with it, in the way the rule asks.</param>
public sealed record Credentials(OwnCertificate Certificate, Signer Signer)
{
    /// <summary>The certificate of the second signature; null where there is one alone.</summary>
    public OwnCertificate? Also { get; init; }

    /// <summary>The serial numbers of the certificates that sign.</summary>
    public string Serials => Also is null ? Certificate.Traits.SerialNumber : $"{Certificate.Traits.SerialNumber} and {Also.Traits.SerialNumber}";

    /// <summary>All certificates that sign.</summary>
    public IEnumerable<OwnCertificate> All => Also is null ? [Certificate] : [Certificate, Also];
}
