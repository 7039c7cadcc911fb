namespace SmimeGateway.Queueing.Journal.Frames;

/// <summary>Reads how far the delivery of a message has come.</summary>
internal static class StateDecoder
{
    /// <summary>Reads the state of a message with so many recipients; false when the bytes do not hold one.</summary>
    public static bool TryRead(ref EntryCursor cursor, int recipients, bool isOfFormat1, out DeliveryState state)
    {
        state = default;
        byte isDelayReported = 0;
        if (recipients <= 0
            || !cursor.TryRead(out int attempts) || attempts < 0
            || !cursor.TryRead(out long nextAttempt)
            || !cursor.TryRead(out long pause)
            || (!isOfFormat1 && !cursor.TryRead(out isDelayReported))
            || RecipientSet.WordsFor(recipients) > cursor.Remaining / sizeof(long))
        {
            return false;
        }

        var words = new ulong[RecipientSet.WordsFor(recipients)];
        for (var i = 0; i < words.Length; i++)
        {
            _ = cursor.TryRead(out long word);
            words[i] = (ulong)word;
        }

        state = new DeliveryState(attempts, nextAttempt, pause, RecipientSet.FromWords(words)) { IsDelayReported = isDelayReported != 0 };
        return true;
    }
}
