using System.Text.RegularExpressions;
using SmimeGateway.Host.Configuration.Reading;

namespace SmimeGateway.Host.Configuration.Validating.Rules;

/// <summary>What rules look for in a message can be there.</summary>
internal static partial class RuleTriggersCheck
{
    // What mail is as a whole; a message of one text is told by its header too.
    private static readonly string[] TypesOfTheWhole =
        ["multipart/", "message/", "text/plain", "text/html", "application/pkcs7-", "application/x-pkcs7-", "application/pgp"];

    /// <summary>Warns about patterns of subjects, header fields and media types that match nothing.</summary>
    public static void Check(GatewayOptions options, Place root, Complaints complaints)
    {
        for (var i = 0; i < options.Rules.Count; i++)
        {
            var (when, place) = (options.Rules[i].When, root["rules"][i]["when"]);
            WarnOfEncoded(when.Subject, place["subject"], complaints);
            foreach (var (name, values) in when.Header)
            {
                if (name.Equals("Content-Type", StringComparison.OrdinalIgnoreCase))
                {
                    WarnOfPartTypes(values, place["header"][name], complaints);
                }

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

    // The header of a message tells the type of the whole, and programs put most types into a part: an invitation of Exchange is text/calendar
    // in a multipart/alternative.
    private static void WarnOfPartTypes(IReadOnlyList<string> patterns, Place list, Complaints complaints)
    {
        for (var i = 0; i < patterns.Count; i++)
        {
            var type = patterns[i].Split(';')[0].Trim().Trim('*');
            if (!Array.Exists(TypesOfTheWhole, whole => whole.StartsWith(type, StringComparison.OrdinalIgnoreCase) || type.StartsWith(whole, StringComparison.OrdinalIgnoreCase)))
            {
                complaints.Warning(list[i], new Flaw(
                    "most mail has such content in a part, and this looks at the header of the message alone",
                    $"Write \"content\": {ConfigurationNode.Quote(type.EndsWith('/') ? type + "*" : type.Contains('/', StringComparison.Ordinal) ? type : $"*{type}*")} in \"when\" instead, which looks at every part."));
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
