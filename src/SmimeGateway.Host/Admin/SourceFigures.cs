namespace SmimeGateway.Host.Admin;

/// <summary>What of the sources of certificates cannot be read.</summary>
internal static class SourceFigures
{
    private const int Shown = 20;

    /// <summary>A sentence for each file or folder behind which certificates may be, up to a number that a screen holds.</summary>
    public static IReadOnlyList<string> Of(RunningConfiguration configuration)
    {
        var all = configuration.Sources.Problems.Concat(configuration.Partners.Problems)
            .Where(problem => problem.Conceals)
            .Select(problem => $"{problem}. {SourceTroubles.Consequence}")
            .Distinct()
            .ToList();
        return all.Count <= Shown ? all : [.. all.Take(Shown), $"{all.Count - Shown} more files like these; \"smimegateway check\" lists all."];
    }
}
