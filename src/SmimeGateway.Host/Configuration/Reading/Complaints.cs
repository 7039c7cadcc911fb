using System.Text.RegularExpressions;

namespace SmimeGateway.Host.Configuration.Reading;

/// <summary>Collects everything that is wrong with a configuration, so that it is reported at once.</summary>
internal sealed partial class Complaints(string file, SourceText text)
{
    // A person repairs the first errors first, and a file that is not a configuration at all must not fill the log.
    private const int MaxErrors = 500;

    private readonly List<ConfigurationError> _errors = [];
    private readonly List<ConfigurationError> _warnings = [];
    private readonly HashSet<ConfigurationNode> _unsound = [];

    /// <summary>The errors in the order of the file.</summary>
    public IReadOnlyList<ConfigurationError> Errors => InOrder(_errors);

    /// <summary>The warnings in the order of the file.</summary>
    public IReadOnlyList<ConfigurationError> Warnings => InOrder(_warnings);

    /// <summary>True when so many errors were found that looking for more is no use.</summary>
    public bool IsFull => _errors.Count >= MaxErrors;

    /// <summary>Reports an error about a value.</summary>
    public void Error(ConfigurationNode node, Flaw flaw) => Error(new Place(node), flaw);

    /// <summary>Reports an error about a value, or about one that is absent.</summary>
    public void Error(Place place, Flaw flaw)
    {
        MarkUnsound(place.Nearest);
        AddError(place.Nearest.Offset, place.Path, place.Value, flaw);
    }

    /// <summary>Reports an error about a key, without its value.</summary>
    public void KeyError(ConfigurationNode member, Flaw flaw)
    {
        MarkUnsound(member);
        AddError(member.KeyOffset, member.Path, string.Empty, flaw);
    }

    /// <summary>Reports an error about a place in the text that is no value.</summary>
    public void TextError(int offset, Flaw flaw) => AddError(offset, "$", string.Empty, flaw);

    /// <summary>Reports an error about the file as a whole.</summary>
    public void FileError(Flaw flaw) =>
        _errors.Add(new ConfigurationError(file, 0, 0, string.Empty, string.Empty, flaw.Problem, flaw.Remedy));

    /// <summary>Reports what is allowed but seldom meant.</summary>
    public void Warning(Place place, Flaw flaw)
    {
        if (_warnings.Count < MaxErrors)
        {
            _warnings.Add(Make(place.Nearest.Offset, place.Path, place.Value, flaw));
        }
    }

    /// <summary>True when nothing is wrong with the value and all it holds, so that what depends on it can be judged.</summary>
    public bool IsSound(Place place) => !_unsound.Contains(place.Nearest);

    private static ConfigurationError[] InOrder(List<ConfigurationError> errors) =>
        [.. errors.OrderBy(error => error.Line).ThenBy(error => error.Column)];

    private void MarkUnsound(ConfigurationNode node)
    {
        for (var around = node; around is not null && _unsound.Add(around); around = around.Parent)
        {
        }
    }

    private ConfigurationError Make(int offset, string path, string value, Flaw flaw)
    {
        var (line, column) = text.Locate(offset);
        return new ConfigurationError(file, line, column, path, PasswordInAddress().Replace(value, ":***@"), flaw.Problem, flaw.Remedy);
    }

    // Whoever writes a password into an address has made a mistake, and the log must not spread it.
    [GeneratedRegex(":(?!//)[^\"]*@")]
    private static partial Regex PasswordInAddress();

    // Counting columns takes time on a very long line, so it is done only for errors that are kept.
    private void AddError(int offset, string path, string value, Flaw flaw)
    {
        if (!IsFull)
        {
            _errors.Add(Make(offset, path, value, flaw));
        }
    }
}
