using System.Globalization;

namespace SmimeGateway.Certificates.Choosing;

/// <summary>Whether a certificate is sound and valid at a moment.</summary>
internal static class LifeCheck
{
    /// <summary>Null, or why the certificate cannot be used at all then, as the end of a sentence.</summary>
    public static string? Refuse(CertificateTraits traits, DateTimeOffset now)
        => traits.Fault
            ?? (traits.NotAfter < now ? $"it expired on {Day(traits.NotAfter)}"
            : traits.NotBefore > now ? $"it is valid only from {Day(traits.NotBefore)}"
            : null);

    /// <summary>The day, as reasons name it.</summary>
    public static string Day(DateTimeOffset moment) => moment.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>The one valid longest first; among equals the thumbprint decides, so that every process and every run has the same order.</summary>
    public static int LongestFirst(CertificateTraits left, CertificateTraits right)
    {
        var byEnd = right.NotAfter.CompareTo(left.NotAfter);
        return byEnd != 0 ? byEnd : string.CompareOrdinal(left.Thumbprint, right.Thumbprint);
    }
}
