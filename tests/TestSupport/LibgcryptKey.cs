using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace SmimeGateway.TestSupport;

/// <summary>A private RSA key as the agent of GnuPG keeps it: a canonical S-expression of Libgcrypt, here without a passphrase.</summary>
internal static class LibgcryptKey
{
    /// <summary>The octets of the file.</summary>
    public static byte[] Encode(RSA rsa)
    {
        var key = rsa.ExportParameters(includePrivateParameters: true);

        // Libgcrypt wants the smaller prime first, which makes its coefficient the inverse that others keep for the other order.
        var (p, q) = (Number(key.P!), Number(key.Q!));
        var (smaller, larger) = p < q ? (p, q) : (q, p);
        var inverse = BigInteger.ModPow(smaller, larger - 2, larger);
        return List(
            Atom("private-key"u8),
            List(
                Atom("rsa"u8), Pair("n", Number(key.Modulus!)), Pair("e", Number(key.Exponent!)), Pair("d", Number(key.D!)),
                Pair("p", smaller), Pair("q", larger), Pair("u", inverse)));
    }

    private static BigInteger Number(byte[] octets) => new(octets, isUnsigned: true, isBigEndian: true);

    private static byte[] Pair(string name, BigInteger value) => List(Atom(Encoding.ASCII.GetBytes(name)), Atom(value.ToByteArray(isBigEndian: true)));

    private static byte[] Atom(ReadOnlySpan<byte> octets) =>
        [.. Encoding.ASCII.GetBytes(octets.Length.ToString(CultureInfo.InvariantCulture)), (byte)':', .. octets];

    private static byte[] List(params byte[][] members) => [(byte)'(', .. members.SelectMany(member => member), (byte)')'];
}
