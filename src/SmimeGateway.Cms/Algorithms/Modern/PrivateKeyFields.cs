using System.Formats.Asn1;
using System.Security.Cryptography;

namespace SmimeGateway.Cms.Algorithms.Modern;

/// <summary>Reads private keys in PKCS #8 (RFC 5958 section 2) that lie beside their certificate.</summary>
internal static class PrivateKeyFields
{
    /// <summary>What is in the private key, for the algorithm to read.</summary>
    /// <param name="pkcs8">The key.</param>
    /// <param name="oid">The algorithm that it must be for.</param>
    /// <exception cref="CryptographicException">It is malformed, or for another algorithm.</exception>
    public static ReadOnlyMemory<byte> Read(ReadOnlyMemory<byte> pkcs8, string oid)
    {
        try
        {
            var fields = new AsnReader(pkcs8, AsnEncodingRules.BER).ReadSequence();
            fields.ReadIntegerBytes();
            return fields.ReadSequence().ReadObjectIdentifier() == oid
                ? fields.ReadOctetString()
                : throw new CryptographicException("The private key is of another kind than its certificate's.");
        }
        catch (AsnContentException exception)
        {
            throw new CryptographicException("The private key is malformed.", exception);
        }
    }

    /// <summary>The octets of a CurvePrivateKey (RFC 8410 section 7).</summary>
    /// <param name="pkcs8">The key.</param>
    /// <param name="oid">The algorithm that it must be for.</param>
    /// <param name="length">How many octets it must have.</param>
    /// <exception cref="CryptographicException">It is malformed, or for another algorithm.</exception>
    public static byte[] ReadCurveKey(ReadOnlyMemory<byte> pkcs8, string oid, int length)
    {
        try
        {
            var key = new AsnReader(Read(pkcs8, oid), AsnEncodingRules.BER).ReadOctetString();
            return key.Length == length ? key : throw new CryptographicException("The private key is of another length than its kind.");
        }
        catch (AsnContentException exception)
        {
            throw new CryptographicException("The private key is malformed.", exception);
        }
    }
}
