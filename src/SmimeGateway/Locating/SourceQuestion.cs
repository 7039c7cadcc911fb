using SmimeGateway.Certificates.Finding;

namespace SmimeGateway.Locating;

/// <summary>Asks a source so that its answer and what is known of its readability belong together.</summary>
internal static class SourceQuestion
{
    /// <summary>A source whose files change all the time is believed after this many questions.</summary>
    private const int MaxTries = 3;

    private const int MaxNamed = 3;

    /// <summary>Asks; where nothing is found, the second value tells what keeps the source from knowing that there is nothing, or is null.</summary>
    public static async ValueTask<(T Answer, string? Concealed)> AskAsync<T>(
        ICertificateSource source, Func<ValueTask<T>> ask, Func<T, bool> isFound)
    {
        for (var tries = 1; ; tries++)
        {
            var version = source.Version;
            var answer = await ask();
            if (isFound(answer))
            {
                return (answer, null);
            }

            // A file that is mended between the question and a look at the problems would look as if it had been readable all along.
            var concealed = Describe(source.Problems);
            if (concealed is not null || source.Version == version || tries == MaxTries)
            {
                return (answer, concealed);
            }
        }
    }

    /// <summary>What keeps somebody from knowing what is there, or null.</summary>
    public static string? Describe(IEnumerable<SourceProblem> problems)
    {
        var concealing = problems.Where(problem => problem.Conceals).ToList();
        var named = string.Join("; ", concealing.Take(MaxNamed).Select(problem => $"{problem.Location}: {problem.Reason.TrimEnd('.')}"));
        return concealing.Count == 0 ? null
            : concealing.Count > MaxNamed ? $"{named}; and {concealing.Count - MaxNamed} more such files"
            : named;
    }
}
