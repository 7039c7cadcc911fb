using System.Security.Cryptography;

namespace SmimeGateway.Mime.Structure;

/// <summary>Boundaries that occur in no part.</summary>
internal static class UniqueBoundary
{
    /// <summary>
    /// A fresh boundary. Its 128 random bits make looking through the parts for it pointless, and "=_" cannot even occur in
    /// quoted-printable or base64 (RFC 2045 section 6.7).
    /// </summary>
    public static string Create() => "=_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
}
