using System.Diagnostics.CodeAnalysis;
using System.Formats.Asn1;
using System.Security.Cryptography;

namespace SmimeGateway.Cms.Reading;

/// <summary>A content cipher with its parameters, ready to decrypt with whatever key it is given.</summary>
internal abstract class ContentDecryption
{
    private const int AesBlock = 16;
    private const int DesBlock = 8;

    /// <summary>The length in octets of the key that it needs.</summary>
    public abstract int KeyLength { get; }

    /// <summary>Finds the decryption for an object.</summary>
    /// <exception cref="CmsFaultException">The cipher is not supported, is not one for this kind of object, or its parameters are malformed.</exception>
    public static ContentDecryption Find(EnvelopedFields fields)
    {
        try
        {
            ContentDecryption? found = fields.IsAuthenticated ? FindAuthenticated(fields) : FindChained(fields.CipherOid, fields.CipherParameters);
            return found ?? throw new CmsFaultException(
                CmsFaultKind.UnsupportedAlgorithm,
                $"The cipher {NameOf(fields.CipherOid)} is not supported in {(fields.IsAuthenticated ? "AuthEnvelopedData" : "EnvelopedData")}.");
        }
        catch (AsnContentException)
        {
            throw new CmsFaultException(CmsFaultKind.Malformed, $"The parameters of the cipher {NameOf(fields.CipherOid)} are malformed.");
        }
    }

    /// <summary>The usual name of a cipher, or its dotted form.</summary>
    public static string NameOf(string oid) => new SmimeCapability(oid).Name;

    /// <summary>Whether a cipher is read only when that is asked for: its keys or its blocks are too short.</summary>
    public static bool IsWeak(string oid) => oid is Oids.TripleDesCbc or Oids.DesCbc or Oids.Rc2Cbc;

    /// <summary>Whether the cipher is supported with these parameters, and one whose texts nobody opens without the key.</summary>
    public static bool IsSafe(EnvelopedFields fields)
    {
        try
        {
            return Find(fields) is not null && fields.CipherOid is not (Oids.DesCbc or Oids.Rc2Cbc);
        }
        catch (CmsFaultException)
        {
            return false;
        }
    }

    /// <summary>Decrypts all of the content; false if the key, the padding or the tag is wrong, with nothing to tell which.</summary>
    public abstract bool TryDecrypt(ReadOnlySpan<byte> key, OctetPieces content, [NotNullWhen(true)] out byte[]? decrypted);

    private static GcmDecryption? FindAuthenticated(EnvelopedFields fields)
    {
        var keyLength = fields.CipherOid switch
        {
            Oids.Aes128Gcm => 16,
            Oids.Aes192Gcm => 24,
            Oids.Aes256Gcm => 32,
            _ => 0,
        };
        return keyLength == 0 ? null : GcmDecryption.Read(keyLength, fields);
    }

    private static CbcDecryption? FindChained(string oid, ReadOnlyMemory<byte> parameters) => oid switch
    {
        Oids.Aes128Cbc => new CbcDecryption(Aes.Create, 16, ReadVector(parameters, AesBlock)),
        Oids.Aes192Cbc => new CbcDecryption(Aes.Create, 24, ReadVector(parameters, AesBlock)),
        Oids.Aes256Cbc => new CbcDecryption(Aes.Create, 32, ReadVector(parameters, AesBlock)),
        Oids.TripleDesCbc => new CbcDecryption(TripleDES.Create, 24, ReadVector(parameters, DesBlock)),
        Oids.DesCbc => new CbcDecryption(DES.Create, 8, ReadVector(parameters, DesBlock)),
        Oids.Rc2Cbc => ReadRc2(parameters),
        _ => null,
    };

    private static byte[] ReadVector(ReadOnlyMemory<byte> parameters, int length)
    {
        var vector = new AsnReader(parameters, AsnEncodingRules.BER).ReadOctetString();
        return vector.Length == length ? vector : throw new AsnContentException();
    }

    // RFC 3370 section 5.2: the version is a code for the effective length of the key. The framework decrypts where the key is of that
    // length, as those who sent RC2 made it.
    private static CbcDecryption? ReadRc2(ReadOnlyMemory<byte> parameters)
    {
        var fields = new AsnReader(parameters, AsnEncodingRules.BER).ReadSequence();
        var keyLength = fields.TryReadInt32(out var version)
            ? version switch { 160 => 5, 120 => 8, 58 => 16, _ => 0 }
            : 0;
        return keyLength == 0 ? null : new CbcDecryption(RC2.Create, keyLength, ReadVector(fields.ReadEncodedValue(), DesBlock));
    }
}
