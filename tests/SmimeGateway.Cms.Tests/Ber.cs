using System.Formats.Asn1;
using System.Numerics;

namespace SmimeGateway.Cms.Tests;

/// <summary>Elements put together by hand, in encodings that a writer of DER refuses.</summary>
internal static class Ber
{
    public static byte[] Wrap(byte tag, params IEnumerable<byte[]> contents)
    {
        byte[] content = [.. contents.SelectMany(part => part)];
        if (content.Length < 0x80)
        {
            return [tag, (byte)content.Length, .. content];
        }

        var length = new BigInteger(content.Length).ToByteArray(isUnsigned: true, isBigEndian: true);
        return [tag, (byte)(0x80 | length.Length), .. length, .. content];
    }

    public static byte[] Indefinite(byte tag, params IEnumerable<byte[]> contents) => [tag, 0x80, .. contents.SelectMany(part => part), 0, 0];

    public static byte[] Oid(string oid)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        writer.WriteObjectIdentifier(oid);
        return writer.Encode();
    }

    public static byte[] Octets(byte[] octets) => Wrap(0x04, octets);

    public static byte[] Integer(int value)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        writer.WriteInteger(value);
        return writer.Encode();
    }
}
