using SmimeGateway.Deciding.Options;
using SmimeGateway.Deciding.Patterns;
using SmimeGateway.Mime;

namespace SmimeGateway.Deciding;

/// <summary>
/// Takes out of a header what made a rule apply: the words of its subject patterns, and the fields of its header conditions. Where a
/// pattern matched more than words, as * does, that stays.
/// </summary>
public sealed class TriggerRemoval
{
    // What a message cannot be without, or would be another message without (RFC 5322 sections 3.6.1 to 3.6.4): a condition on one of
    // these asks for a message, and is no mark on it.
    private static readonly string[] Kept =
    [
        "Date", "From", "Sender", "Reply-To", "To", "Cc", "Message-ID", "In-Reply-To", "References", "Subject", "MIME-Version",
    ];

    private readonly TextPattern[] _subjects;
    private readonly (string Name, TextPattern[] Values)[] _header;

    /// <summary>Removes what the conditions ask for.</summary>
    public TriggerRemoval(RuleConditions when)
    {
        ArgumentNullException.ThrowIfNull(when);
        var header = when.Header.ToLookup(entry => entry.Key.Equals("Subject", StringComparison.OrdinalIgnoreCase));
        _subjects = [.. when.Subject.Concat(header[true].SelectMany(entry => entry.Value)).Select(TextPattern.Parse)];
        _header = [.. header[false].Where(entry => IsMark(entry.Key)).Select(entry => (entry.Key, entry.Value.Select(TextPattern.Parse).ToArray()))];
    }

    /// <summary>The fields without the trigger; the same list when it is not there.</summary>
    public IReadOnlyList<HeaderField> Remove(IReadOnlyList<HeaderField> fields)
    {
        ArgumentNullException.ThrowIfNull(fields);
        List<HeaderField>? changed = null;
        for (var i = 0; i < fields.Count; i++)
        {
            var field = fields[i];
            var left = IsTrigger(field) ? null : IsSubject(field) ? WithoutWords(field) : field;
            if (changed is null && left != field)
            {
                changed = [.. fields.Take(i)];
            }

            if (left is not null)
            {
                changed?.Add(left);
            }
        }

        return changed ?? fields;
    }

    // Exchange repeats the subject of a conversation in a field of its own.
    private static bool IsSubject(HeaderField field) => field.Is("Subject") || field.Is("Thread-Topic");

    private static bool IsMark(string name) =>
        !name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase) && !Kept.Contains(name, StringComparer.OrdinalIgnoreCase);

    private bool IsTrigger(HeaderField field)
    {
        foreach (var (name, values) in _header)
        {
            if (field.Is(name) && Array.Exists(values, value => value.Matches(field.Text)))
            {
                return true;
            }
        }

        return false;
    }

    // Several patterns may have marked the same subject, as when a rule lists the words of two programs.
    private HeaderField WithoutWords(HeaderField subject)
    {
        foreach (var pattern in _subjects)
        {
            var text = subject.Text;
            var words = pattern.FindWords(text);
            if (words.Count > 0)
            {
                subject = subject.WithoutText(WithBlanks(text, words));
            }
        }

        return subject;
    }

    // A word goes with the blanks that set it apart from what follows, or from what comes before where nothing follows. One that was
    // glued to the text before leaves the blanks behind it, or two words would become one.
    private static List<Range> WithBlanks(string text, IReadOnlyList<Range> words)
    {
        var parts = new List<Range>(words.Count);
        var from = 0;
        foreach (var word in words)
        {
            var (start, length) = word.GetOffsetAndLength(text.Length);
            var end = start + length;
            var isApart = start == 0 || ComparedText.IsGapAt(text, start - 1);
            while (isApart && end < text.Length && ComparedText.IsGapAt(text, end))
            {
                end++;
            }

            // At the front and at the end no blank has anything to set apart.
            var before = start;
            while (before > from && ComparedText.IsGapAt(text, before - 1))
            {
                before--;
            }

            start = before == 0 || end == text.Length ? before : start;

            // The blanks between two words may have gone with the first.
            parts.Add(Math.Max(start, from)..Math.Max(end, from));
            from = Math.Max(end, from);
        }

        return parts;
    }
}
