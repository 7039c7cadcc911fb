using System.Text.RegularExpressions;
using SmimeGateway.Host.Configuration.Reading;

namespace SmimeGateway.Host.Configuration.Validating;

/// <summary>What rules look for in a message can be there.</summary>
internal static partial class RuleTriggersCheck
{
    /// <summary>Warns about patterns of subjects, header fields and media types that match nothing.</summary>
    public static void Check(GatewayOptions options, Place root, Complaints complaints)
    {
        for (var i = 0; i < options.Rules.Count; i++)
        {
            var (when, place) = (options.Rules[i].When, root["rules"][i]["when"]);
            WarnOfEncoded(when.Subject, place["subject"], complaints);
            foreach (var (name, values) in when.Header)
            {
                WarnOfEncoded(values, place["header"][name], complaints);
            }

            for (var j = 0; j < when.Content.Count; j++)
            {
                WarnOfContent(when.Content[j], place["content"], j, complaints);
            }
        }
    }

    private static void WarnOfEncoded(IReadOnlyList<string> patterns, Place list, Complaints complaints)
    {
        for (var i = 0; i < patterns.Count; i++)
        {
            if (EncodedWord().IsMatch(patterns[i]))
            {
                complaints.Warning(list[i], new Flaw("the pattern matches nothing: texts are compared decoded", "Write the characters themselves."));
            }
        }
    }

    private static void WarnOfContent(string pattern, Place list, int position, Complaints complaints)
    {
        if (pattern.AsSpan().ContainsAny("; ,"))
        {
            complaints.Warning(list[position], new Flaw(
                "the pattern matches nothing: the media type is compared without its parameters", "Write the type alone, such as \"text/calendar\"."));
        }
        else if (!pattern.AsSpan().ContainsAny("/*"))
        {
            complaints.Warning(list[position], new Flaw(
                "the pattern matches nothing: a media type has two halves", "Write both, such as \"text/calendar\" or \"image/*\"."));
        }
    }

    [GeneratedRegex(@"=\?[^?*]+\?[QBqb]\?[^?]*\?=")]
    private static partial Regex EncodedWord();
}
