namespace SmimeGateway.Host.Configuration.Reading;

/// <summary>Finds the name somebody probably meant.</summary>
internal static class NearestName
{
    // Longer than any name there is; what is longer was not a slip of the finger, and comparing it would cost.
    private const int MaxLength = 40;

    // More names than a person chooses from.
    private const int MaxNames = 1000;

    /// <summary>The known name with the fewest slips between it and what was written, or null when none is near.</summary>
    public static string? Find(string written, IEnumerable<string> known)
    {
        if (written.Length is 0 or > MaxLength)
        {
            return null;
        }

        var lower = written.ToLowerInvariant();
        var nearest = known
            .Take(MaxNames)
            .Where(name => name.Length <= MaxLength)
            .Select(name => (Name: name, Slips: CountSlips(lower, name.ToLowerInvariant())))
            .OrderBy(candidate => candidate.Slips)
            .FirstOrDefault();
        return nearest.Name is not null && nearest.Slips <= Math.Max(1, written.Length / 3) ? nearest.Name : null;
    }

    // Insertions, deletions, replacements and swaps of neighbours (optimal string alignment).
    private static int CountSlips(string left, string right)
    {
        var before = new int[right.Length + 1];
        var last = new int[right.Length + 1];
        var row = new int[right.Length + 1];
        for (var j = 0; j <= right.Length; j++)
        {
            last[j] = j;
        }

        for (var i = 1; i <= left.Length; i++)
        {
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var differs = left[i - 1] == right[j - 1] ? 0 : 1;
                row[j] = Math.Min(Math.Min(last[j] + 1, row[j - 1] + 1), last[j - 1] + differs);
                if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1])
                {
                    row[j] = Math.Min(row[j], before[j - 2] + 1);
                }
            }

            (before, last, row) = (last, row, before);
        }

        return last[right.Length];
    }
}
