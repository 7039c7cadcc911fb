namespace SmimeGateway.Certificates.Dkim;

/// <summary>The record by which the DNS tells the public half of a key (RFC 6376 section 3.6).</summary>
public static class DkimRecord
{
    // The strings of a TXT record hold no more (RFC 1035 section 3.3.14).
    private const int MaxString = 255;

    /// <summary>The name of the record.</summary>
    public static string NameOf(string selector, string domain) => $"{selector}._domainkey.{domain}";

    /// <summary>The text of the record.</summary>
    public static string TextOf(DkimKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return $"v=DKIM1; k={key.Kind}; p={Convert.ToBase64String(key.PublicKey.Span)}";
    }

    /// <summary>The record as a zone file has it, in strings that are short enough.</summary>
    public static string ZoneLineOf(string selector, string domain, DkimKey key)
    {
        var strings = TextOf(key).Chunk(MaxString).Select(piece => $"\"{new string(piece)}\"");
        return $"{NameOf(selector, domain)}. IN TXT ( {string.Join(' ', strings)} )";
    }
}
