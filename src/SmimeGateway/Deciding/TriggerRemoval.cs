using SmimeGateway.Mime;

namespace SmimeGateway.Deciding;

/// <summary>Takes out of a header what made a rule apply: the words of its subject patterns, and the fields of its header conditions.</summary>
public sealed class TriggerRemoval
{
    /// <summary>Removes what the conditions ask for.</summary>
    public TriggerRemoval(RuleConditions when) => Conditions = when;

    private RuleConditions Conditions { get; }

    /// <summary>The fields without the trigger; the same list when it is not there.</summary>
    public IReadOnlyList<HeaderField> Remove(IReadOnlyList<HeaderField> fields) => throw new NotSupportedException($"{Conditions}{fields}");
}
