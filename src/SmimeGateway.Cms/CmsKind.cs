namespace SmimeGateway.Cms;

/// <summary>The kinds of CMS objects that mail consists of.</summary>
public enum CmsKind
{
    /// <summary>None of them, or no CMS object at all.</summary>
    Unknown,

    /// <summary>SignedData (RFC 5652 section 5), which may carry certificates alone.</summary>
    SignedData,

    /// <summary>EnvelopedData (RFC 5652 section 6).</summary>
    EnvelopedData,

    /// <summary>AuthEnvelopedData (RFC 5083).</summary>
    AuthEnvelopedData,

    /// <summary>CompressedData (RFC 3274).</summary>
    CompressedData,
}
