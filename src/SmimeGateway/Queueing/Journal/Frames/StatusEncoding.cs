using SmimeGateway.Smtp;

namespace SmimeGateway.Queueing.Journal.Frames;

/// <summary>
/// What the last attempt came to for the pending recipients, as the journal keeps it: each different status once, with the places of
/// the recipients that have it. It is there for people; no decision depends on it.
/// </summary>
internal static class StatusEncoding
{
    /// <summary>A diagnostic is cut here: one line of a reply, which is what an administrator reads.</summary>
    public const int MaxDiagnosticLength = 300;

    /// <summary>The longest host name, and an address literal in brackets behind it.</summary>
    private const int MaxHostLength = 320;

    /// <summary>An encoded status takes at least this many bytes: action, class, subject, detail, two lengths and the number of places.</summary>
    private const int LeastStatusBytes = 14;

    /// <summary>Writes the statuses.</summary>
    public static void Write(ref EntryBuffer buffer, IReadOnlyList<RecipientStatus> statuses)
    {
        if (statuses.Count <= 1)
        {
            buffer.Put(statuses.Count);
            if (statuses.Count == 1)
            {
                Write(ref buffer, statuses[0].Status);
                buffer.Put(1);
                buffer.Put(statuses[0].Place);
            }

            return;
        }

        var alike = statuses.GroupBy(static status => status.Status, static status => status.Place).ToList();
        buffer.Put(alike.Count);
        foreach (var group in alike)
        {
            Write(ref buffer, group.Key);
            buffer.Put(group.Count());
            foreach (var place in group)
            {
                buffer.Put(place);
            }
        }
    }

    /// <summary>Reads statuses of a message with so many recipients; false when the bytes do not hold any such thing.</summary>
    public static bool TryRead(ref EntryCursor cursor, int recipients, out IReadOnlyList<RecipientStatus> statuses)
    {
        statuses = [];
        if (!cursor.TryRead(out int count) || count < 0 || count > cursor.Remaining / LeastStatusBytes)
        {
            return false;
        }

        if (count == 0)
        {
            return true;
        }

        var found = new List<RecipientStatus>(count);
        for (var i = 0; i < count; i++)
        {
            if (!TryRead(ref cursor, out var status)
                || !cursor.TryRead(out int places) || places < 0 || places > cursor.Remaining / sizeof(int)
                || found.Count + places > recipients)
            {
                return false;
            }

            for (; places > 0; places--)
            {
                if (!cursor.TryRead(out int place) || place < 0 || place >= recipients)
                {
                    return false;
                }

                found.Add(new RecipientStatus(place, status!));
            }
        }

        statuses = found;
        return true;
    }

    private static void Write(ref EntryBuffer buffer, DeliveryStatus status)
    {
        buffer.Put((byte)status.Action);
        buffer.Put((byte)status.Status.Class);
        buffer.Put((ushort)status.Status.Subject);
        buffer.Put((ushort)status.Status.Detail);
        buffer.Put(Cut(status.Diagnostic, MaxDiagnosticLength));
        buffer.Put(Cut(status.RemoteMta, MaxHostLength));
    }

    private static bool TryRead(ref EntryCursor cursor, out DeliveryStatus? status)
    {
        status = null;
        if (!cursor.TryRead(out byte action) || action > (byte)DeliveryAction.Failed
            || !cursor.TryRead(out byte @class)
            || !cursor.TryRead(out ushort subject)
            || !cursor.TryRead(out ushort detail)
            || !cursor.TryReadText(MaxDiagnosticLength, out var diagnostic)
            || !cursor.TryReadText(MaxHostLength, out var remoteMta))
        {
            return false;
        }

        status = new DeliveryStatus((DeliveryAction)action, new EnhancedStatus(@class, subject, detail), diagnostic ?? "-", remoteMta);
        return true;
    }

    /// <summary>The beginning of a text, with no half of a character at its end.</summary>
    private static string? Cut(string? text, int length)
    {
        if (text is null || text.Length <= length)
        {
            return text;
        }

        return text[..(char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)];
    }
}
