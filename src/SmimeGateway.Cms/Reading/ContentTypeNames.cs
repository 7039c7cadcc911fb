namespace SmimeGateway.Cms.Reading;

/// <summary>What RFC 5652 and its companions call the types of content.</summary>
internal static class ContentTypeNames
{
    /// <summary>The name, or the dotted form of a type that has none here.</summary>
    public static string NameOf(string contentType) => contentType switch
    {
        Oids.Data => "Data",
        Oids.SignedData => "SignedData",
        Oids.EnvelopedData => "EnvelopedData",
        Oids.AuthEnvelopedData => "AuthEnvelopedData",
        Oids.DigestedData => "DigestedData",
        Oids.EncryptedData => "EncryptedData",
        Oids.CompressedData => "CompressedData",
        _ => contentType,
    };
}
