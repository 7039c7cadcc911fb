using System.Diagnostics.CodeAnalysis;

namespace SmimeGateway.Certificates.Trusting;

/// <summary>Whether a certificate is trusted, and why not.</summary>
public sealed class TrustVerdict
{
    internal TrustVerdict(TrustedCertificate trusted)
    {
        Trusted = trusted;
        Reasons = [];
    }

    internal TrustVerdict(IReadOnlyList<string> reasons)
    {
        Reasons = reasons;
    }

    /// <summary>The certificate with its verified chain, or null.</summary>
    public TrustedCertificate? Trusted { get; }

    /// <summary>True when the certificate is trusted.</summary>
    [MemberNotNullWhen(true, nameof(Trusted))]
    public bool IsTrusted => Trusted is not null;

    /// <summary>Why the certificate is not trusted; empty when it is.</summary>
    public IReadOnlyList<string> Reasons { get; }
}
