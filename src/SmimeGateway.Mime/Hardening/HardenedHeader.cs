using SmimeGateway.Mime.ProtectedHeaders;
using SmimeGateway.Mime.Structure;

namespace SmimeGateway.Mime.Hardening;

/// <summary>Writes the header of a hardened entity.</summary>
internal sealed class HardenedHeader(BytePieces pieces)
{
    private const string EncodingName = "Content-Transfer-Encoding";
    private const string TypeName = "Content-Type";

    /// <summary>
    /// Writes the fields in their order: as they came, repaired, or replaced. Addresses that are not ASCII came with a message that only
    /// relays which leave them alone may carry (RFC 6531 section 3.2), and so do their protected copies in the outermost header.
    /// </summary>
    public void Write(Entity entity, HeaderChange change, bool isRoot)
    {
        var pendingEncoding = change.TransferEncoding;
        foreach (var field in entity.Header)
        {
            if (change.TransferEncoding is not null && field.Is(EncodingName))
            {
                // Only the first one counts to most readers; a second would contradict the new label to the others.
                AddEncoding(ref pendingEncoding);
            }
            else if (change.ContentType is { } type && field.Is(TypeName))
            {
                pieces.AddField(HeaderField.Compose(TypeName, type));
            }
            else if (change.Boundary is { } boundary && field.Is(TypeName))
            {
                pieces.Add(ParameterRepair.Write(field, boundary));
            }
            else if (FieldRepair.IsSafe(field) || (isRoot && CopiedFields.HasOneForm(field)))
            {
                AddUnchanged(field, entity, pendingEncoding);
            }
            else
            {
                pieces.Add(FieldRepair.Repair(field));
            }
        }

        AddEncoding(ref pendingEncoding);
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
