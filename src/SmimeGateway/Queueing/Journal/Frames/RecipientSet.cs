using System.Numerics;

namespace SmimeGateway.Queueing.Journal.Frames;

/// <summary>Some of a message's recipients, by their place in its envelope. Immutable; without allocation up to the 64th.</summary>
internal readonly struct RecipientSet
{
    private readonly ulong _first;
    private readonly ulong[]? _rest;

    private RecipientSet(ulong first, ulong[]? rest)
    {
        _first = first;
        _rest = rest;
    }

    /// <summary>How many there are.</summary>
    public int Count
    {
        get
        {
            var count = BitOperations.PopCount(_first);
            foreach (var word in _rest ?? [])
            {
                count += BitOperations.PopCount(word);
            }

            return count;
        }
    }

    /// <summary>The 64-recipient words that a set of this many recipients is stored in.</summary>
    public static int WordsFor(int recipients) => (int)((recipients + 63L) / 64);

    /// <summary>All recipients of a message with this many.</summary>
    public static RecipientSet AllOf(int recipients) => default(RecipientSet).With(Enumerable.Range(0, recipients));

    /// <summary>The set that <see cref="Word"/> took apart.</summary>
    public static RecipientSet FromWords(ReadOnlySpan<ulong> words)
        => words.IsEmpty ? default : new RecipientSet(words[0], words.Length > 1 ? words[1..].ToArray() : null);

    /// <summary>True when the recipient is in the set.</summary>
    public bool Contains(int place) => (Word(place / 64) & (1UL << (place % 64))) != 0;

    /// <summary>Recipients 64 x index and the 63 after it, lowest bit first.</summary>
    public ulong Word(int index)
    {
        if (index == 0)
        {
            return _first;
        }

        return _rest is not null && index <= _rest.Length ? _rest[index - 1] : 0;
    }

    /// <summary>The set with these recipients too.</summary>
    public RecipientSet With(IEnumerable<int> places)
    {
        var first = _first;
        var rest = _rest;
        foreach (var place in places)
        {
            var bit = 1UL << (place % 64);
            var word = place / 64;
            if (word == 0)
            {
                first |= bit;
                continue;
            }

            if (rest is null || rest == _rest || rest.Length < word)
            {
                var wider = new ulong[Math.Max(word, rest?.Length ?? 0)];
                rest?.CopyTo(wider, 0);
                rest = wider;
            }

            rest[word - 1] |= bit;
        }

        return new RecipientSet(first, rest);
    }
}
