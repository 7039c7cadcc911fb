using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace SmimeGateway.Mime.Hardening;

/// <summary>
/// Makes a content fit for a clear signature (RFC 8551 section 3.1.3, RFC 1847 section 2.1): whatever relays do to mail, they have no
/// reason to do it to the result.
/// </summary>
public static class TransitHardening
{
    /// <summary>
    /// The content with every leaf that needs it re-encoded, as slices of what came wherever nothing had to change; a content that needs
    /// nothing keeps every byte. Nothing is lost but blanks at the ends of lines that are no text, and every program reads what it read
    /// before; fails where that cannot be done, or a limit is exceeded.
    /// </summary>
    public static bool TryHarden(
        SplitMessage message,
        MimeLimits limits,
        out ReadOnlySequence<byte> part,
        [NotNullWhen(false)] out HardeningFault? fault)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(limits);
        part = default;
        if (HeaderLimits.FindExcess(message.ContentFields, limits) is { } limit)
        {
            fault = new HardeningFault(limit.Reason, AllowsOpaque: false);
            return false;
        }

        var entity = Entity.Assemble(message.ContentFields, message.Body, limits);
        if (NeedsNothing(entity))
        {
            part = message.Content;
            fault = null;
            return true;
        }

        var walk = new HardeningWalk(limits);
        fault = walk.Write(entity);
        part = fault is null ? walk.Result : default;
        return fault is null;
    }

    private static bool NeedsNothing(Entity entity) => Survival.Of(entity, isRoot: true)
        && (!entity.IsMultipart
            || !MultipartTail.HasEpilogue(entity.Body.Span, entity.Boundary)
            || MultipartTail.IsBlank(entity.Epilogue.Span));
}

/// <summary>Why a content was not made fit for a clear signature.</summary>
/// <param name="Reason">The reason, for the log.</param>
/// <param name="AllowsOpaque">
/// True where only its way through relays is at stake: it cannot be rewritten without some program reading it differently afterwards, but
/// a form that carries every octet can hold it as it is. False where it exceeds a limit.
/// </param>
public sealed record HardeningFault(string Reason, bool AllowsOpaque)
{
    internal static HardeningFault InTransit(string reason) => new(reason, AllowsOpaque: true);
}
