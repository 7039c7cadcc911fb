using System.Text;
using SmimeGateway.Mime;

namespace SmimeGateway.Protecting;

/// <summary>
/// Accounts for every octet of a message that was split: each is outside, or in the content, or was left out for a reason that has a name.
/// It asks for places in memory alone and trusts no reading of the header, so that a mistake there is a refusal and never a signature over
/// less than what came.
/// </summary>
internal static class OctetAccount
{
    // MIME-Version is written anew; Content-Length counts another message; nobody is told of blind recipients.
    private static readonly string[] LeftOut = ["MIME-Version", "Content-Length", "Bcc", "Resent-Bcc"];

    /// <summary>Returns null when nothing is lost, else what is.</summary>
    public static string? FindLoss(ReadOnlyMemory<byte> message, SplitMessage split)
    {
        ArgumentNullException.ThrowIfNull(split);
        var octets = message.Span;
        var body = PlaceIn(octets, split.Body.Span);
        if (body.Start > body.End || body.End != octets.Length)
        {
            return "the body is not the end of the message";
        }

        List<(int Start, int End)> kept = [body];
        foreach (var field in split.OuterFields.Concat(split.ContentFields))
        {
            // What is written anew stands for nothing that came.
            if (octets.Overlaps(field.Raw.Span))
            {
                kept.Add(PlaceIn(octets, field.Raw.Span));
            }
        }

        kept.Sort();
        var accounted = 0;
        foreach (var (start, end) in kept)
        {
            if (start > accounted && FindLoss(octets[accounted..start], isFirst: accounted == 0, isLast: start == body.Start) is { } at)
            {
                return $"octets {accounted + at} to {start} are neither outside nor in the content";
            }

            accounted = Math.Max(accounted, end);
        }

        return null;
    }

    private static (int Start, int End) PlaceIn(ReadOnlySpan<byte> octets, ReadOnlySpan<byte> piece) =>
        piece.IsEmpty ? (octets.Length, octets.Length)
        : octets.Overlaps(piece, out var start) && start >= 0 && start + piece.Length <= octets.Length ? (start, start + piece.Length)
        : (octets.Length, 0);

    // Where in the gap something begins that may not be left out; null where all of it may.
    private static int? FindLoss(ReadOnlySpan<byte> gap, bool isFirst, bool isLast)
    {
        var at = 0;
        while (at < gap.Length)
        {
            var rest = gap[at..];
            if (isLast && (rest.SequenceEqual("\r\n"u8) || rest.SequenceEqual("\n"u8)))
            {
                return null;
            }

            if (!(isFirst && at == 0 && rest.TrimStart((byte)'>').StartsWith("From "u8)) && !MayBeLeftOut(rest))
            {
                return at;
            }

            at += FieldLength(rest);
        }

        return null;
    }

    private static bool MayBeLeftOut(ReadOnlySpan<byte> field)
    {
        var colon = field.IndexOf((byte)':');
        if (colon < 0)
        {
            return false;
        }

        var name = field[..colon].TrimEnd(" \t"u8);
        foreach (var candidate in LeftOut)
        {
            if (Ascii.EqualsIgnoreCase(name, candidate))
            {
                return true;
            }
        }

        return false;
    }

    // A line, with those that continue it.
    private static int FieldLength(ReadOnlySpan<byte> octets)
    {
        var length = 0;
        do
        {
            var feed = octets[length..].IndexOf((byte)'\n');
            length = feed < 0 ? octets.Length : length + feed + 1;
        }
        while (length < octets.Length && octets[length] is (byte)' ' or (byte)'\t');

        return length;
    }
}
