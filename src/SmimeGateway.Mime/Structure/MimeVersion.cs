namespace SmimeGateway.Mime.Structure;

/// <summary>The field that only the outermost header has (RFC 2045 section 4).</summary>
internal static class MimeVersion
{
    public const string Name = "MIME-Version";

    /// <summary>The field as it is written.</summary>
    public const string Line = $"{Name}: 1.0\r\n";

    /// <summary>What has to follow the outer fields: the field, unless it is among them, or nothing is, as inside another entity.</summary>
    public static string Before(IReadOnlyList<HeaderField> outerFields)
    {
        foreach (var field in outerFields)
        {
            if (field.Is(Name))
            {
                return string.Empty;
            }
        }

        return outerFields.Count == 0 ? string.Empty : Line;
    }
}
