using System.Text;
using SmimeGateway.Certificates;

namespace SmimeGateway.Deciding.Patterns;

/// <summary>
/// The texts of a pattern in the form of the addresses it is compared with: once with A-labels and once as people read it, since only whole
/// labels have the former.
/// </summary>
/// <param name="Written">The text with A-labels wherever a label has no wildcard.</param>
/// <param name="Read">The text as people read it.</param>
internal readonly record struct PatternForm(string Written, string Read)
{
    private static readonly char[] FullStops = ['\u3002', '\uFF0E', '\uFF61'];

    /// <summary>A local part, which may be quoted; null when nothing can match it.</summary>
    public static string? OfLocalPart(string text) =>
        MailboxName.TryUnquote(text, out var plain) && MailboxName.TryNormalizeLocalPart(plain, out var normalized) ? normalized : null;

    /// <summary>A domain; null when nothing can match it.</summary>
    public static PatternForm? OfDomain(string text)
    {
        if (!WildcardPattern.HasWildcard(text))
        {
            return DomainName.TryNormalize(text, out var name) ? new PatternForm(name, DomainName.ToUnicode(name)) : null;
        }

        return text.StartsWith('[') ? new PatternForm(text, text) : OfLabels(text, static label => OfWildcard(label));
    }

    /// <summary>A text with a wildcard and without an at sign, of which nobody knows where the domain begins.</summary>
    public static PatternForm OfWhole(string text) => OfLabels(text, static label => new PatternForm(label, label).Folded())!.Value;

    private static PatternForm? OfLabels(string text, Func<string, PatternForm?> other)
    {
        foreach (var stop in FullStops)
        {
            text = text.Replace(stop, '.');
        }

        var labels = (text.EndsWith('.') ? text[..^1] : text).Split('.');
        var (written, read) = (new string[labels.Length], new string[labels.Length]);
        for (var i = 0; i < labels.Length; i++)
        {
            var form = !WildcardPattern.HasWildcard(labels[i]) && DomainName.TryNormalize(labels[i], out var name)
                ? new PatternForm(name, DomainName.ToUnicode(name))
                : other(labels[i]);
            if (form is not { } label)
            {
                return null;
            }

            (written[i], read[i]) = (label.Written, label.Read);
        }

        return new PatternForm(string.Join('.', written), string.Join('.', read));
    }

    // What UTS 46 does to whole labels, as far as it goes for a piece of one.
    private static PatternForm? OfWildcard(string label)
    {
        if (!WildcardPattern.HasWildcard(label))
        {
            return null;
        }

        var form = new PatternForm(label, label).Folded();
        return form.Read.Any(character => char.IsAscii(character) && !char.IsAsciiLetterOrDigit(character) && character is not ('-' or '_' or '*' or '?'))
            || Wildcards(form.Read) != Wildcards(label)
            ? null
            : form;
    }

    private static int Wildcards(string text) => text.Count(character => character is '*' or '?');

    private PatternForm Folded()
    {
        var folded = Ascii.IsValid(Written) ? Written.ToLowerInvariant() : Fold(Written);
        return new PatternForm(folded, folded);
    }

    private static string Fold(string text)
    {
        try
        {
            return text.Normalize(NormalizationForm.FormKC).ToLowerInvariant().Normalize(NormalizationForm.FormKC);
        }
        catch (ArgumentException)
        {
            // A lone surrogate, which no address holds.
            return text;
        }
    }
}
