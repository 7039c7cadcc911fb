namespace SmimeGateway.Queueing;

/// <summary>
/// Names a message in the queue, in replies and in the log. Unique for the lifetime of a queue, also across restarts.
/// </summary>
/// <param name="Value">Upper-case letters and digits, at most 20.</param>
public readonly record struct QueueId(string Value)
{
    /// <summary>No I, L, O, U: people read these names to each other over the telephone.</summary>
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    /// <summary>Twelve digits of five bits hold the numbers of a queue, which begin with the time, until the year 2109.</summary>
    private const int Length = 12;

    /// <summary>The bare value.</summary>
    public override string ToString() => Value;

    /// <summary>The number of the message with this id; false when no queue on disk gives such an id.</summary>
    internal bool TryGetSequence(out long sequence)
    {
        sequence = 0;
        if (Value is not { Length: Length })
        {
            return false;
        }

        foreach (var character in Value)
        {
            var digit = Alphabet.IndexOf(char.ToUpperInvariant(character), StringComparison.Ordinal);
            if (digit < 0)
            {
                return false;
            }

            sequence = (sequence << 5) | (long)digit;
        }

        return true;
    }

    /// <summary>The id of the message with this number.</summary>
    internal static QueueId FromSequence(long sequence) => new(string.Create(Length, sequence, static (digits, number) =>
    {
        for (var i = digits.Length - 1; i >= 0; i--)
        {
            digits[i] = Alphabet[(int)(number & 31)];
            number >>= 5;
        }
    }));
}
