using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using SmimeGateway.Certificates;

namespace SmimeGateway.Host.Commands.Certificates;

/// <summary>A certificate the gateway knows, whoever holds its key.</summary>
/// <param name="Kind">Whose it is.</param>
/// <param name="Source">The configured name of its source.</param>
/// <param name="Location">Where it was read from.</param>
/// <param name="Certificate">The certificate.</param>
/// <param name="Traits">What it says.</param>
/// <param name="Chain">The issuers that came along with it.</param>
internal sealed record ListedCertificate(
    CertificateKind Kind,
    string Source,
    string Location,
    X509Certificate2 Certificate,
    CertificateTraits Traits,
    IReadOnlyList<X509Certificate2> Chain)
{
    /// <summary>What it may be used for, in words.</summary>
    public string Use => (Traits.AllowsSigning, Traits.AllowsEncryption) switch
    {
        (true, true) => "sign, encrypt",
        (true, false) => "sign",
        (false, true) => "encrypt",
        _ => "neither",
    };

    /// <summary>True when an address, a thumbprint or a serial number means this one.</summary>
    public bool IsMeantBy(string which) =>
        Traits.HasAddress(which)
        || Traits.Thumbprint.Equals(which, StringComparison.OrdinalIgnoreCase)
        || Traits.SerialNumber.Equals(which, StringComparison.OrdinalIgnoreCase);

    /// <summary>A day as tables show it.</summary>
    public static string Day(DateTimeOffset moment) => moment.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
