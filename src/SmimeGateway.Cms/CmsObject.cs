using System.Formats.Asn1;
using SmimeGateway.Cms.Reading;

namespace SmimeGateway.Cms;

/// <summary>Tells CMS objects apart by what they are, whatever a label says.</summary>
public static class CmsObject
{
    /// <summary>The kind that the object names itself; never throws on bad input.</summary>
    public static CmsKind KindOf(ReadOnlyMemory<byte> berOrDer)
    {
        try
        {
            ForeignObject.Open(berOrDer, out var type, out _);
            return type switch
            {
                Oids.SignedData => CmsKind.SignedData,
                Oids.EnvelopedData => CmsKind.EnvelopedData,
                Oids.AuthEnvelopedData => CmsKind.AuthEnvelopedData,
                Oids.CompressedData => CmsKind.CompressedData,
                _ => CmsKind.Unknown,
            };
        }
        catch (AsnContentException)
        {
            return CmsKind.Unknown;
        }
    }
}
