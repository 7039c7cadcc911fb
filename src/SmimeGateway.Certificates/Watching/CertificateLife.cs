namespace SmimeGateway.Certificates.Watching;

/// <summary>How long a certificate lives on.</summary>
/// <param name="Certificate">The certificate.</param>
/// <param name="DaysLeft">Whole days until it expires; negative once it has.</param>
/// <param name="IsExpired">It has expired.</param>
/// <param name="Threshold">The smallest of 30, 14, 7 and 1 days that it has come down to, or null when more are left.</param>
/// <param name="IsSuperseded">Others that live longer do the same for all its addresses, so that its end troubles nobody.</param>
public sealed record CertificateLife(OwnCertificate Certificate, int DaysLeft, bool IsExpired, int? Threshold, bool IsSuperseded);
