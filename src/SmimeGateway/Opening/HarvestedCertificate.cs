using SmimeGateway.Certificates.Trusting;

namespace SmimeGateway.Opening;

/// <summary>What a signed message tells about how its author may be written to.</summary>
/// <param name="Address">The author.</param>
/// <param name="Certificate">The certificate to encrypt to, with its verified chain.</param>
/// <param name="Capabilities">What the author announced to read, in DER; empty when he did not, or signed with a broken digest.</param>
/// <param name="Announced">When he signed, by his clock but never later than ours.</param>
internal sealed record HarvestedCertificate(string Address, TrustedCertificate Certificate, ReadOnlyMemory<byte> Capabilities, DateTimeOffset Announced);
