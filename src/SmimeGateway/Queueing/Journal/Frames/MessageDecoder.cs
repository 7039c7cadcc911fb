using SmimeGateway.Protecting;
using SmimeGateway.Smtp;

namespace SmimeGateway.Queueing.Journal.Frames;

/// <summary>Reads message entries, of this format and of the one before.</summary>
internal static class MessageDecoder
{
    private const int MaxEnvelopeIdLength = 100;
    private const int MaxOriginalRecipientLength = 500;

    /// <summary>The length of its path, of which format 1 had nothing more.</summary>
    private const int LeastRecipientBytesOfFormat1 = 2;

    /// <summary>The length of its path, what it wants to be told, the length of the original recipient.</summary>
    private const int LeastRecipientBytes = 5;

    private const Notify AllOfNotify = Notify.Never | Notify.Success | Notify.Failure | Notify.Delay;

    /// <summary>Reads what follows the number of the message; null when the bytes do not hold a message.</summary>
    public static MessageEntry? Decode(ref EntryCursor cursor, long sequence, bool isOfFormat1)
    {
        byte protection = 0;
        byte returned = 0;
        string? envelopeId = null;
        if (!cursor.TryRead(out long acceptedTicks)
            || acceptedTicks < 0 || acceptedTicks > DateTimeOffset.MaxValue.UtcTicks
            || !cursor.TryRead(out long contentLength) || contentLength < 0 || contentLength > Array.MaxLength
            || !cursor.TryRead(out int checksum)
            || !cursor.TryRead(out byte bits)
            || (!isOfFormat1 && (!cursor.TryRead(out protection) || !cursor.TryRead(out returned)))
            || !cursor.TryRead(out int recipientCount) || recipientCount <= 0
            || !StateDecoder.TryRead(ref cursor, recipientCount, isOfFormat1, out var state)
            || (!isOfFormat1 && !cursor.TryReadParameter(MaxEnvelopeIdLength, out envelopeId))
            || !cursor.TryRead(out MailPath? reversePath)
            || recipientCount > cursor.Remaining / (isOfFormat1 ? LeastRecipientBytesOfFormat1 : LeastRecipientBytes))
        {
            return null;
        }

        var recipients = new EnvelopeRecipient[recipientCount];
        for (var i = 0; i < recipients.Length; i++)
        {
            if (DecodeRecipient(ref cursor, isOfFormat1) is not { } recipient)
            {
                return null;
            }

            recipients[i] = recipient;
        }

        IReadOnlyList<RecipientStatus> statuses = [];
        if (!isOfFormat1 && !StatusEncoding.TryRead(ref cursor, recipientCount, out statuses))
        {
            return null;
        }

        var flags = (EntryFlags)bits;
        var envelope = new Envelope(reversePath!, recipients)
        {
            Body = flags.HasFlag(EntryFlags.EightBit) ? BodyType.EightBitMime : BodyType.SevenBit,
            SmtpUtf8 = flags.HasFlag(EntryFlags.SmtpUtf8),
            Return = returned <= (byte)ReturnedContent.Headers ? (ReturnedContent)returned : ReturnedContent.Unspecified,
            EnvelopeId = envelopeId,
        };
        return new MessageEntry(
            sequence, acceptedTicks, envelope, isOfFormat1 ? null : Known(protection), contentLength, (uint)checksum,
            flags.HasFlag(EntryFlags.OwnFile))
        {
            State = state,
            IsHeld = flags.HasFlag(EntryFlags.Held),
            Statuses = statuses,
        };
    }

    private static Protection? Known(byte protection) => Enum.IsDefined((Protection)protection) ? (Protection)protection : null;

    private static EnvelopeRecipient? DecodeRecipient(ref EntryCursor cursor, bool isOfFormat1)
    {
        byte notify = 0;
        string? original = null;
        if (!cursor.TryRead(out MailPath? path)
            || (!isOfFormat1 && (!cursor.TryRead(out notify) || !cursor.TryReadParameter(MaxOriginalRecipientLength, out original))))
        {
            return null;
        }

        return new EnvelopeRecipient(path!) { Notify = (Notify)notify & AllOfNotify, OriginalRecipient = original };
    }
}
