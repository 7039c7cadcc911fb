using System.Diagnostics.CodeAnalysis;
using System.Formats.Asn1;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using SmimeGateway.Certificates.Finding.Formats;

namespace SmimeGateway.Certificates.Dkim;

/// <summary>The private key of a domain as a file holds it: PEM, as PKCS #8 or, of an RSA key, as PKCS #1.</summary>
public static class DkimKeyText
{
    private const string RsaOid = "1.2.840.113549.1.1.1";
    private const string Ed25519Oid = "1.3.101.112";

    /// <summary>Reads a key.</summary>
    /// <param name="file">The content of the file.</param>
    /// <param name="key">The key.</param>
    /// <param name="reason">Why there is none, without anything of the content.</param>
    public static bool TryRead(ReadOnlySpan<byte> file, [NotNullWhen(true)] out DkimKey? key, [NotNullWhen(false)] out string? reason)
    {
        key = null;
        var blocks = PemBlock.ReadAll(file, out var isCutOff);
        var keys = blocks.Where(block => block.Label.EndsWith("PRIVATE KEY", StringComparison.Ordinal)).ToList();
        reason = isCutOff ? "it is not whole: a block of it has no end"
            : keys.Count == 0 ? "there is no private key in it"
            : keys.Count > 1 ? "there are several private keys in it"
            : keys[0].IsOldEncryption || keys[0].Label.StartsWith("ENCRYPTED", StringComparison.Ordinal) ? "the key in it is encrypted, which those of domains are not: nobody could type its password at a start"
            : null;
        if (reason is not null)
        {
            return false;
        }

        try
        {
            key = keys[0] switch
            {
                { Content: null } => null,
                { Label: "PRIVATE KEY", Content: { } content } => ReadPkcs8(content, out reason),
                { Label: "RSA PRIVATE KEY", Content: { } content } => ReadRsa(content, content, isPkcs8: false, out reason),
                _ => NoKind(out reason),
            };
        }
        catch (Exception exception) when (exception is CryptographicException or AsnContentException or ArgumentException)
        {
            // What the library says of it may quote the key.
            reason = null;
        }

        reason = key is null ? reason ?? "the key in it is damaged" : null;
        return key is not null;
    }

    /// <summary>Makes a new key.</summary>
    /// <param name="bits">The length of an RSA key; null for Ed25519.</param>
    /// <returns>Its text, for a file that only the gateway may read.</returns>
    public static string Generate(int? bits)
    {
        if (bits is { } length)
        {
            using var rsa = RSA.Create(length);
            return rsa.ExportPkcs8PrivateKeyPem() + "\n";
        }

        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(0);
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier(Ed25519Oid);
            }

            using (writer.PushOctetString())
            {
                writer.WriteOctetString(RandomNumberGenerator.GetBytes(Ed25519DkimKey.Length));
            }
        }

        return PemEncoding.WriteString("PRIVATE KEY", writer.Encode()) + "\n";
    }

    private static DkimKey? ReadPkcs8(byte[] content, out string? reason)
    {
        var outer = new AsnReader(content, AsnEncodingRules.BER).ReadSequence();
        outer.ReadInteger();
        var algorithm = outer.ReadSequence().ReadObjectIdentifier();
        var inner = outer.ReadOctetString();
        return algorithm switch
        {
            RsaOid => ReadRsa(content, inner, isPkcs8: true, out reason),
            Ed25519Oid => ReadEd25519(outer, inner, out reason),
            _ => NoKind(out reason),
        };
    }

    // Its length is looked at first: the library tries the primes of whatever it is given, which takes as long as they are long.
    private static RsaDkimKey? ReadRsa(byte[] content, byte[] pkcs1, bool isPkcs8, out string? reason)
    {
        var sequence = new AsnReader(pkcs1, AsnEncodingRules.BER).ReadSequence();
        sequence.ReadInteger();
        var modulus = sequence.ReadIntegerBytes().Span.TrimStart((byte)0);
        var bits = modulus.IsEmpty ? 0 : (8 * modulus.Length) - System.Numerics.BitOperations.LeadingZeroCount((uint)modulus[0]) + 24;
        if (bits is < RsaDkimKey.MinBits or > RsaDkimKey.MaxBits)
        {
            reason = $"the RSA key in it has {bits} bits, and verifiers read those of {RsaDkimKey.MinBits} to {RsaDkimKey.MaxBits} (RFC 8301)";
            return null;
        }

        var rsa = RSA.Create();
        try
        {
            if (isPkcs8)
            {
                rsa.ImportPkcs8PrivateKey(content, out _);
            }
            else
            {
                rsa.ImportRSAPrivateKey(content, out _);
            }

            var key = new RsaDkimKey(rsa);
            reason = key.Verify("both halves"u8, key.Sign("both halves"u8)) ? null : "the halves of the key in it do not belong together";
            rsa = reason is null ? null : rsa;
            return reason is null ? key : null;
        }
        finally
        {
            rsa?.Dispose();
        }
    }

    // A method of its own, so that the assembly of the curve is loaded with the first key that needs it.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Ed25519DkimKey? ReadEd25519(AsnReader rest, byte[] inner, out string? reason)
    {
        var seed = new AsnReader(inner, AsnEncodingRules.DER).ReadOctetString();
        if (seed.Length != Ed25519DkimKey.Length)
        {
            reason = "the key in it is damaged";
            return null;
        }

        // RFC 5958: attributes, and the public half.
        var key = new Ed25519DkimKey(seed);
        var publicKey = new Asn1Tag(TagClass.ContextSpecific, 1);
        while (rest.HasData)
        {
            if (rest.PeekTag().HasSameClassAndValue(publicKey))
            {
                var written = rest.ReadBitString(out _, publicKey);
                reason = written.AsSpan().SequenceEqual(key.PublicKey.Span) ? null : "the halves of the key in it do not belong together";
                return reason is null ? key : null;
            }

            rest.ReadEncodedValue();
        }

        reason = null;
        return key;
    }

    private static DkimKey? NoKind(out string? reason)
    {
        reason = "the key in it is of a kind that DKIM does not know: RSA or Ed25519 is needed";
        return null;
    }
}
