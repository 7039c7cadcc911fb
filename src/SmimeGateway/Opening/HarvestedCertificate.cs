using SmimeGateway.Certificates.Trusting;

namespace SmimeGateway.Opening;

/// <summary>What a signed message tells about how its author may be written to.</summary>
/// <param name="Address">The author.</param>
/// <param name="Certificate">The certificate to encrypt to, with its verified chain.</param>
/// <param name="Capabilities">What the author announced to read, in DER; empty when he named no cipher.</param>
/// <param name="Signed">When he signed, by his clock, which is close to ours.</param>
internal sealed record HarvestedCertificate(string Address, TrustedCertificate Certificate, ReadOnlyMemory<byte> Capabilities, DateTimeOffset Signed);
