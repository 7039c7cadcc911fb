using SmimeGateway.Certificates;
using SmimeGateway.Cms;

namespace SmimeGateway.Locating;

/// <summary>What looking for credentials came to.</summary>
/// <param name="Found">The credentials, or null.</param>
/// <param name="Remarks">Every certificate that was refused, and every source that had none, with the reason.</param>
/// <param name="IsUnreachable">
/// True when nothing was found and a source could not be asked, so that nothing is known: the message is put off, whatever the rule
/// says about missing certificates.
/// </param>
public sealed record CredentialSearch(Credentials? Found, IReadOnlyList<string> Remarks, bool IsUnreachable = false)
{
    /// <summary>All remarks in one line, for the log.</summary>
    public string Reason => string.Join("; ", Remarks.Select(remark => remark.TrimEnd('.')));
}

/// <summary>What signing one message needs.</summary>
/// <param name="Certificate">The signer's certificate and where it comes from.</param>
/// <param name="Signer">Signs with it, in the way the rule asks.</param>
public sealed record Credentials(OwnCertificate Certificate, Signer Signer);
