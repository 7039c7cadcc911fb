using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SmimeGateway.Cms.Tests;

/// <summary>A SignedData over <see cref="Some.Content"/> that a test makes odd in one place; every part has a correct default.</summary>
internal sealed record OddSignedData
{
    private static readonly Asn1Tag Context0 = new(TagClass.ContextSpecific, 0);

    public X509Certificate2 Certificate { get; init; } = Some.Certificate;

    public byte[] Content { get; init; } = Some.Content;

    public string ContentType { get; init; } = Oids.Data;

    public string DigestOid { get; init; } = Oids.Sha256;

    public byte[] SignatureAlgorithm { get; init; } = Algorithm(Oids.RsaEncryption);

    /// <summary>The set as it is sent; null sends none.</summary>
    public byte[]? Attributes { get; init; } = Set(RightAttributes());

    /// <summary>What the signature covers, if it is not the attributes as they are sent, or the content.</summary>
    public byte[]? Signed { get; init; }

    public int Signers { get; init; } = 1;

    public int Certificates { get; init; } = 1;

    public static byte[] Algorithm(string oid, byte[]? parameters = null) => Encode(writer =>
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(oid);
            writer.WriteEncodedValue(parameters ?? [5, 0]);
        }
    });

    public static byte[] Attribute(string oid, params byte[][] values) => Encode(writer =>
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(oid);
            using (writer.PushSetOf())
            {
                foreach (var value in values)
                {
                    writer.WriteEncodedValue(value);
                }
            }
        }
    });

    public static byte[][] RightAttributes(string contentType = Oids.Data) =>
    [
        Attribute(Oids.ContentType, Encode(writer => writer.WriteObjectIdentifier(contentType))),
        Attribute(Oids.MessageDigest, Encode(writer => writer.WriteOctetString(SHA256.HashData(Some.Content)))),
    ];

    /// <summary>A set in the order given.</summary>
    public static byte[] Set(params byte[][] attributes)
    {
        var content = attributes.SelectMany(attribute => attribute).ToArray();
        return [0x31, 0x82, (byte)(content.Length >> 8), (byte)content.Length, .. content];
    }

    /// <summary>A set in the order and with the lengths of DER.</summary>
    public static byte[] SortedSet(params byte[][] attributes) => Encode(writer =>
    {
        using (writer.PushSetOf())
        {
            foreach (var attribute in attributes)
            {
                writer.WriteEncodedValue(attribute);
            }
        }
    });

    public static byte[] Encode(Action<AsnWriter> write)
    {
        var writer = new AsnWriter(AsnEncodingRules.BER);
        write(writer);
        return writer.Encode();
    }

    public byte[] Make() => Encode(writer =>
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(Oids.SignedData);
            using (writer.PushSequence(Context0))
            using (writer.PushSequence())
            {
                writer.WriteInteger(1);
                writer.WriteEncodedValue([0x31, 0]);
                WriteContent(writer);
                WriteCertificates(writer);
                using (writer.PushSetOf())
                {
                    var signature = Sign();
                    for (var signer = 0; signer < Signers; signer++)
                    {
                        WriteSigner(writer, signature);
                    }
                }
            }
        }
    });

    private byte[] Sign() => Certificate.GetRSAPrivateKey()!.SignData(
        Signed ?? Attributes ?? Content, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);

    private void WriteContent(AsnWriter writer)
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(ContentType);
            using (writer.PushSequence(Context0))
            {
                writer.WriteOctetString(Content);
            }
        }
    }

    private void WriteCertificates(AsnWriter writer)
    {
        using (writer.PushSetOf(Context0))
        {
            for (var certificate = 0; certificate < Certificates; certificate++)
            {
                writer.WriteEncodedValue(Certificate.RawData);
            }
        }
    }

    private void WriteSigner(AsnWriter writer, byte[] signature)
    {
        using (writer.PushSequence())
        {
            writer.WriteInteger(1);
            using (writer.PushSequence())
            {
                writer.WriteEncodedValue(Certificate.IssuerName.RawData);
                writer.WriteInteger(Certificate.SerialNumberBytes.Span);
            }

            writer.WriteEncodedValue(Algorithm(DigestOid));
            if (Attributes is not null)
            {
                writer.WriteEncodedValue([0xA0, .. Attributes[1..]]);
            }

            writer.WriteEncodedValue(SignatureAlgorithm);
            writer.WriteOctetString(signature);
        }
    }
}
