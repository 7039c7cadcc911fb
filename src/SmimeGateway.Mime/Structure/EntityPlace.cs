namespace SmimeGateway.Mime.Structure;

/// <summary>Where an entity stands in its message: how deep, and how many entities the whole message may still have.</summary>
internal sealed class EntityPlace
{
    // All parts together may have so many times the fields of one: far more than real mail has, and few enough to be kept.
    private const int FieldBudgetFactor = 50;

    private readonly int _depth;
    private readonly PartBudget _budget;

    private EntityPlace(MimeLimits limits, int depth, PartBudget budget, bool isMessage, bool isInDigest)
    {
        Limits = limits;
        _depth = depth;
        _budget = budget;
        IsMessage = isMessage;
        IsInDigest = isInDigest;
    }

    public MimeLimits Limits { get; }

    /// <summary>How many fields its header may have beyond the limit.</summary>
    public int AddedFields => _depth == 1 ? Limits.AddedFields : 0;

    /// <summary>Whether the entity is a message, the outermost or one inside a message/rfc822, and no part.</summary>
    public bool IsMessage { get; }

    /// <summary>Whether the entity is a part of a multipart/digest, where the default type is message/rfc822.</summary>
    public bool IsInDigest { get; }

    public static EntityPlace Root(MimeLimits limits) => new(limits, 1, new PartBudget(), isMessage: true, isInDigest: false);

    /// <summary>The place of the parts of a multipart.</summary>
    public EntityPlace OfParts(bool isInDigest) => new(Limits, _depth + 1, _budget, isMessage: false, isInDigest);

    /// <summary>The place of the message in a message/rfc822.</summary>
    public EntityPlace OfMessage() => new(Limits, _depth + 1, _budget, isMessage: true, isInDigest: false);

    /// <summary>Counts one more entity at this place; null while the limits allow it.</summary>
    public MimeFault? Enter()
    {
        if (_depth > Limits.MaxDepth)
        {
            return new MimeFault($"entities are nested more than {Limits.MaxDepth} deep", 0);
        }

        return ++_budget.Entities > Limits.MaxParts ? new MimeFault($"the message has more than {Limits.MaxParts} entities", 0) : null;
    }

    /// <summary>Counts the fields of an entity; null while the limits allow them.</summary>
    public MimeFault? Count(HeaderSection header)
    {
        _budget.Fields += header.Count;
        return _budget.Fields > ((long)Limits.MaxHeaderFields * FieldBudgetFactor) + Limits.AddedFields
            ? new MimeFault($"the message has more than {Limits.MaxHeaderFields * FieldBudgetFactor} header fields in all", 0) { Limit = nameof(MimeLimits.MaxHeaderFields) }
            : null;
    }

    private sealed class PartBudget
    {
        public int Entities { get; set; }

        public long Fields { get; set; }
    }
}
