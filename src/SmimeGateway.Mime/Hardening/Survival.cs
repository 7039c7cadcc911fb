using SmimeGateway.Mime.Transfer;

namespace SmimeGateway.Mime.Hardening;

/// <summary>Whether an entity survives transit as it is.</summary>
internal static class Survival
{
    /// <summary>
    /// Whether no relay has a reason to change the entity: its lines are safe, and nothing in it is labelled as 8bit or binary. Costs one
    /// pass over its octets; only where a line looks like such a label, its parts are read.
    /// </summary>
    public static bool Of(Entity entity, bool isRoot)
    {
        // The header of the outermost entity was taken out of the message and lies elsewhere.
        var octets = (isRoot ? entity.Body : entity.Raw).Span;
        if (!TransitScan.IsSafeWithLabels(octets))
        {
            return TransitScan.IsSafe(octets) && HasSafeHeader(entity) && !HasWideLabel(entity);
        }

        return HasSafeHeader(entity) && !TransitScan.IsWideLabel(entity.TransferEncoding);
    }

    private static bool HasSafeHeader(Entity entity)
    {
        foreach (var field in entity.Header)
        {
            if (!FieldRepair.IsSafe(field))
            {
                return false;
            }
        }

        return true;
    }

    private static bool HasWideLabel(Entity entity) =>
        TransitScan.IsWideLabel(entity.TransferEncoding) || !entity.TryGetParts(out var parts, out _) || parts.Any(HasWideLabel);
}
