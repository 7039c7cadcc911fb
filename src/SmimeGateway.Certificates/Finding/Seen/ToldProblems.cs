namespace SmimeGateway.Certificates.Finding.Seen;

/// <summary>What is wrong with the files of a source as of now, each told once; beyond a bound no more are remembered.</summary>
/// <param name="source">The name of the source.</param>
internal sealed class ToldProblems(string source)
{
    private const int Most = 100;

    private readonly Lock _gate = new();
    private readonly List<SourceProblem> _problems = [];

    /// <summary>The problems of the moment.</summary>
    public IReadOnlyList<SourceProblem> Now
    {
        get
        {
            lock (_gate)
            {
                return [.. _problems];
            }
        }
    }

    /// <summary>Adds a problem, and returns it.</summary>
    public SourceProblem Complain(string place, string reason, string remedy, bool conceals = false)
    {
        var problem = new SourceProblem(source, place, reason, remedy) { Conceals = conceals };
        lock (_gate)
        {
            if (_problems.Count < Most && !_problems.Contains(problem))
            {
                _problems.Add(problem);
            }
        }

        return problem;
    }

    /// <summary>Whether something is wrong with a place.</summary>
    public bool Has(string place)
    {
        lock (_gate)
        {
            return _problems.Exists(problem => problem.Location == place);
        }
    }

    /// <summary>Nothing is wrong with a place any more.</summary>
    public void Settle(string place)
    {
        lock (_gate)
        {
            _problems.RemoveAll(problem => problem.Location == place);
        }
    }
}
