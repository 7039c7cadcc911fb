using SmimeGateway.Mime.Structure;

namespace SmimeGateway.Mime.Hardening;

/// <summary>Writes the header of a hardened entity.</summary>
internal sealed class HardenedHeader(BytePieces pieces)
{
    private const string EncodingName = "Content-Transfer-Encoding";

    /// <summary>
    /// Writes the fields in their order: as they came, repaired, or with another transfer encoding. Addresses that are not ASCII came with a
    /// message that only relays which leave them alone may carry (RFC 6531 section 3.2), and so do their protected copies in the outermost
    /// header. Returns the obstacle where a field cannot be repaired.
    /// </summary>
    public string? Write(Entity entity, string? newEncoding, bool isRoot)
    {
        var pendingEncoding = newEncoding;
        foreach (var field in entity.Header)
        {
            if (newEncoding is not null && field.Is(EncodingName))
            {
                AddEncoding(ref pendingEncoding);
            }
            else if (FieldRepair.IsSafe(field) || (isRoot && FieldRepair.HasOneForm(field)))
            {
                AddUnchanged(field, entity, pendingEncoding);
            }
            else if (FieldRepair.TryRepair(field) is { } repaired)
            {
                pieces.Add(repaired);
            }
            else
            {
                return $"its field {field.Name} does not survive transit, and means something else in any other form";
            }
        }

        AddEncoding(ref pendingEncoding);
        return null;
    }

    // A header that breaks off with the entity needs no line end, unless something follows it.
    private void AddUnchanged(HeaderField field, Entity entity, string? pendingEncoding)
    {
        if (pendingEncoding is null && entity.Body.IsEmpty)
        {
            pieces.Add(field.Raw);
        }
        else
        {
            pieces.AddField(field);
        }
    }

    private void AddEncoding(ref string? encoding)
    {
        if (encoding is not null)
        {
            pieces.AddField(HeaderField.Compose(EncodingName, encoding));
            encoding = null;
        }
    }
}
