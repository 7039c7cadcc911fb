namespace SmimeGateway;

/// <summary>Names the first of many, so that nobody makes a line of the log as long as he likes.</summary>
internal static class ShortList
{
    private const int MaxNamed = 20;

    /// <summary>The first twenty, and how many there are besides.</summary>
    public static string Of<T>(IEnumerable<T> all, string separator = ", ")
    {
        var named = new List<T>(MaxNamed);
        var others = 0;
        foreach (var one in all)
        {
            if (named.Count < MaxNamed)
            {
                named.Add(one);
            }
            else
            {
                others++;
            }
        }

        return string.Join(separator, named) + (others == 0 ? string.Empty : $"{separator}and {others} more");
    }
}
