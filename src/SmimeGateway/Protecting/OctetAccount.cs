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
    // MIME-Version is written anew; Content-Length counts another message.
    private static readonly string[] Numbers = ["MIME-Version", "Content-Length"];

    // Nobody is told of blind recipients.
    private static readonly string[] Blind = ["Bcc", "Resent-Bcc"];

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
                var place = PlaceIn(octets, field.Raw.Span);
                if (GoesOnBehindBlanks(field.Raw.Span) && split.OuterFields.Contains(field) && octets[place.End..Math.Max(place.End, body.Start)].Trim("\r\n"u8).IsEmpty)
                {
                    return "text behind a line of blanks at the end of the header is of the body to some programs";
                }

                kept.Add(place);
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

            var isMailboxLine = isFirst && at == 0 && rest.TrimStart((byte)'>').StartsWith("From "u8);
            var length = isMailboxLine ? LineLength(rest) : FieldLength(rest);
            if (!isMailboxLine && !MayBeLeftOut(rest[..length]))
            {
                return at;
            }

            at += length;
        }

        return null;
    }

    // What stands on further lines may be the text of somebody who forgot the empty line before it.
    private static bool MayBeLeftOut(ReadOnlySpan<byte> field)
    {
        var colon = field.IndexOf((byte)':');
        if (colon < 0)
        {
            return false;
        }

        var name = Encoding.Latin1.GetString(field[..colon].TrimEnd(" \t"u8));
        var isNumber = Numbers.Contains(name, StringComparer.OrdinalIgnoreCase);
        if (!isNumber && !Blind.Contains(name, StringComparer.OrdinalIgnoreCase))
        {
            return false;
        }

        var body = Encoding.Latin1.GetString(field[(colon + 1)..]).Replace("\r", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal);
        return LineLength(field) == field.Length || string.IsNullOrWhiteSpace(body) || (isNumber ? IsNumber(body) : AddressList.TryParse(body, out _));
    }

    private static bool IsNumber(string body)
    {
        var depth = 0;
        var number = new StringBuilder();
        foreach (var character in body)
        {
            depth += character == '(' ? 1 : 0;
            _ = depth == 0 ? number.Append(character) : number;
            depth -= character == ')' && depth > 0 ? 1 : 0;
        }

        return depth == 0 && number.ToString().Trim().All(character => char.IsAsciiDigit(character) || character == '.');
    }

    private static bool GoesOnBehindBlanks(ReadOnlySpan<byte> field)
    {
        var hasBlank = false;
        for (var rest = field[LineLength(field)..]; !rest.IsEmpty; rest = rest[LineLength(rest)..])
        {
            var isBlank = rest[..LineLength(rest)].IndexOfAnyExcept(" \t\r\n"u8) < 0;
            if (hasBlank && !isBlank)
            {
                return true;
            }

            hasBlank |= isBlank;
        }

        return false;
    }

    private static int LineLength(ReadOnlySpan<byte> octets)
    {
        var feed = octets.IndexOf((byte)'\n');
        return feed < 0 ? octets.Length : feed + 1;
    }

    // A line, with those that continue it.
    private static int FieldLength(ReadOnlySpan<byte> octets)
    {
        var length = 0;
        do
        {
            length += LineLength(octets[length..]);
        }
        while (length < octets.Length && octets[length] is (byte)' ' or (byte)'\t');

        return length;
    }
}
