using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace SmimeGateway.Mime;

/// <summary>Reads the moment that a Date field names (RFC 5322 section 3.3), in its obsolete forms too.</summary>
public static partial class MailDate
{
    private static readonly string[] Months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

    /// <summary>Reads the body of the field; false where it names no moment.</summary>
    public static bool TryRead(string body, out DateTimeOffset moment)
    {
        ArgumentNullException.ThrowIfNull(body);
        moment = default;
        var match = Form().Match(WithoutComments(body));
        if (!match.Success || Array.IndexOf(Months, match.Groups["month"].Value.ToLowerInvariant()) is var month && month < 0)
        {
            return false;
        }

        try
        {
            moment = new DateTimeOffset(
                YearOf(match.Groups["year"].Value), month + 1, Number("day"), Number("hour"), Number("minute"),
                // A leap second is over when the minute is.
                Math.Min(match.Groups["second"].Success ? Number("second") : 0, 59),
                ZoneOf(match.Groups["zone"].Value));
            return true;
        }
        catch (ArgumentOutOfRangeException)
        {
            return false;
        }

        int Number(string group) => int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);
    }

    // RFC 5322 section 4.3: two digits from 50, and three digits, count from 1900.
    private static int YearOf(string digits)
    {
        var year = int.Parse(digits, CultureInfo.InvariantCulture);
        return digits.Length switch
        {
            2 => year + (year < 50 ? 2000 : 1900),
            3 => year + 1900,
            _ => year,
        };
    }

    private static TimeSpan ZoneOf(string zone)
    {
        if (zone.Length == 5 && zone[0] is '+' or '-')
        {
            var digits = int.Parse(zone.AsSpan(1), CultureInfo.InvariantCulture);
            var offset = new TimeSpan(digits / 100, digits % 100, 0);
            return zone[0] == '-' ? -offset : offset;
        }

        // Every other name, those of the military included, means that the zone is not known (RFC 5322 section 4.3).
        return TimeSpan.FromHours(zone.ToUpperInvariant() switch
        {
            "EDT" => -4,
            "EST" or "CDT" => -5,
            "CST" or "MDT" => -6,
            "MST" or "PDT" => -7,
            "PST" => -8,
            _ => 0,
        });
    }

    private static string WithoutComments(string body)
    {
        var text = new StringBuilder(body.Length);
        var depth = 0;
        foreach (var character in body)
        {
            depth += character == '(' ? 1 : 0;
            if (depth == 0)
            {
                text.Append(character);
            }
            else if (character == ')' && --depth == 0)
            {
                text.Append(' ');
            }
        }

        return text.ToString();
    }

    [GeneratedRegex(
        @"^\s*([a-z]+\s*,?)?\s*(?<day>[0-9]{1,2})[\s-]+(?<month>[a-z]{3})[a-z]*[\s-]+(?<year>[0-9]{2,4})\s+"
        + @"(?<hour>[0-9]{1,2})\s*:\s*(?<minute>[0-9]{2})(\s*:\s*(?<second>[0-9]{2}))?\s*(?<zone>[+-][0-9]{4}|[a-z]+)?",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Form();
}
