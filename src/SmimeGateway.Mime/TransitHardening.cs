using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using SmimeGateway.Mime.Hardening;
using SmimeGateway.Mime.Structure;

namespace SmimeGateway.Mime;

/// <summary>
/// Makes a content fit for a clear signature (RFC 8551 section 3.1.3, RFC 1847 section 2.1): whatever relays do to mail, they have no
/// reason to do it to the result.
/// </summary>
public static class TransitHardening
{
    /// <summary>
    /// The content with every leaf that needs it re-encoded, as slices of what came wherever nothing had to change; a content that needs
    /// nothing keeps every byte, and so does everything inside multipart/signed, whose own signature would break (RFC 1847 section 2.1).
    /// Fails where a limit is exceeded.
    /// </summary>
    public static bool TryHarden(
        SplitMessage message,
        MimeLimits limits,
        out ReadOnlySequence<byte> part,
        [NotNullWhen(false)] out MimeFault? fault)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(limits);
        part = default;
        fault = TooLarge(message.ContentFields, limits);
        if (fault is not null)
        {
            return false;
        }

        var entity = Entity.Assemble(message.ContentFields, message.Body, limits);
        if (NeedsNothing(entity))
        {
            part = message.Content;
            fault = null;
            return true;
        }

        var walk = new HardeningWalk();
        if (!walk.TryWrite(entity, out fault))
        {
            part = default;
            return false;
        }

        part = walk.Result;
        return true;
    }

    // Copies for a protected header can make twice as much of one that was just small enough to be read.
    private static MimeFault? TooLarge(IReadOnlyList<HeaderField> fields, MimeLimits limits) =>
        fields.Count > limits.MaxHeaderFields ? new MimeFault($"the header section has more than {limits.MaxHeaderFields} fields", 0)
        : MessageWriter.LengthOf(fields) + 2 > limits.MaxHeaderBytes ? new MimeFault($"the header section has more than {limits.MaxHeaderBytes} octets", 0)
        : null;

    private static bool NeedsNothing(Entity entity)
    {
        if (SignedContent.Is(entity))
        {
            return true;
        }

        if (TransitScan.IsWideLabel(entity.TransferEncoding) || !TransitScan.IsSafeWithLabels(entity.Body.Span))
        {
            return false;
        }

        foreach (var field in entity.Header)
        {
            if (!FieldRepair.IsSafe(field))
            {
                return false;
            }
        }

        return !entity.IsMultipart || !MultipartTail.HasEpilogue(entity.Body.Span, entity.Boundary);
    }
}
