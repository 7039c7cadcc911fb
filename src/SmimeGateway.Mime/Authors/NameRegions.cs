namespace SmimeGateway.Mime.Authors;

/// <summary>Which characters of an address list stand in quoted strings and comments (RFC 5322 section 3.2), of a list that follows the syntax.</summary>
internal static class NameRegions
{
    /// <summary>Whether there is a comment inside a comment: many programs know only one level.</summary>
    public static bool HasNested(string list)
    {
        var open = list.IndexOf('(', StringComparison.Ordinal);
        while (open >= 0 && list.AsSpan(open + 1).IndexOfAny('(', ')') is >= 0 and var next)
        {
            if (list[open + 1 + next] == '(')
            {
                return true;
            }

            open = list.IndexOf('(', open + 1 + next);
        }

        return false;
    }

    /// <summary>One value per character: true inside quotes and comments.</summary>
    public static bool[] Of(string list)
    {
        var regions = new bool[list.Length];
        var isQuoted = false;
        var depth = 0;
        for (var i = 0; i < list.Length; i++)
        {
            var character = list[i];
            regions[i] = isQuoted || depth > 0;
            if (character == '\\' && regions[i] && i + 1 < list.Length)
            {
                regions[++i] = true;
            }
            else if (character == '"' && depth == 0)
            {
                isQuoted = !isQuoted;
            }
            else if (!isQuoted)
            {
                depth += character == '(' ? 1 : character == ')' && depth > 0 ? -1 : 0;
            }
        }

        return regions;
    }
}
