using SmimeGateway.Certificates;
using SmimeGateway.Cms;

namespace SmimeGateway.Locating;

/// <summary>What signing one message needs.</summary>
/// <param name="Certificate">The signer's certificate and where it comes from.</param>
/// <param name="Signer">Signs with it, in the way the rule asks.</param>
public sealed record Credentials(OwnCertificate Certificate, Signer Signer);
