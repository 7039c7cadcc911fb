using SmimeGateway.TestSupport;

namespace SmimeGateway.Cms.Tests.Interop;

/// <summary>Who is expected to read what; the tests compare every judge's verdict with it, and the published table is made from it.</summary>
internal static class ExpectedReaders
{
    /// <summary>Whether the judge of this name verifies the combination; the form never matters.</summary>
    public static bool Reads(string judge, Combination combination) => judge switch
    {
        "GnuPG (gpgsm)" => !IsBeyondGpgsm(combination),
        _ => true,
    };

    // Release 2.2 pads no digest to the length of the curve's order, has no P-521 in S/MIME, and no PSS with default parameters.
    private static bool IsBeyondGpgsm(Combination combination) => combination.Key switch
    {
        KeyKind.EcP521 => true,
        KeyKind.EcP384 => combination.Digest is "SHA1" or "SHA256",
        KeyKind.EcP256 => combination.Digest is "SHA1",
        _ => combination is { Padding: SignaturePadding.Pss, Digest: "SHA1" },
    };
}
