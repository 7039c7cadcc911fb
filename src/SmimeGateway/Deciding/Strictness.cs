using SmimeGateway.Deciding.Options;

namespace SmimeGateway.Deciding;

/// <summary>
/// Which of two decisions about one message is the stricter one, asked question by question until one of them differs. No two decisions of a
/// rule book are equal, so that the order in which authors are named says nothing.
/// </summary>
/// <param name="decisions">Those of all rules, in their order.</param>
internal sealed class Strictness(IReadOnlyList<Decision> decisions) : IComparer<Decision>
{
    private static readonly Func<Decision, int>[] Questions =
    [
        // What leaves not at all, not in plain text, not unsigned.
        decision => decision.Action == DecisionAction.Reject ? 3 : decision.Encrypt is not null ? 2 : decision.Action == DecisionAction.Protect ? 1 : 0,

        // What a missing certificate lets leave all the same.
        decision => decision.Encrypt?.Options.WhenMissing is { } missing ? Rank(missing) : 0,
        decision => decision.Sign is null ? 0 : 1,
        decision => decision.Sign?.WhenMissing is { } missing ? Rank(missing) : 0,

        // What is not taken for protected, and what is not seen outside.
        decision => decision.AlreadyProtected == AlreadyProtected.Keep ? 0 : 1,
        decision => decision.ProtectsHeader ? 1 : 0,

        // What holds more: a signature around it, and one that no relay can break.
        decision => decision.SignsOutside ? 1 : 0,
        decision => decision.Sign?.Form == SignatureForm.Opaque ? 1 : 0,
    ];

    /// <inheritdoc/>
    public int Compare(Decision? x, Decision? y)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        foreach (var question in Questions)
        {
            if (question(x).CompareTo(question(y)) is var order and not 0)
            {
                return order;
            }
        }

        // Of rules that are as strict as each other the first counts, as it does for one author.
        return PositionOf(y).CompareTo(PositionOf(x));
    }

    // The later an end is told, the more may change until then.
    private static int Rank(WhenRecipientMissing missing) => missing switch
    {
        WhenRecipientMissing.Reject => 4,
        WhenRecipientMissing.Bounce => 3,
        WhenRecipientMissing.Defer => 2,
        WhenRecipientMissing.Hold => 1,
        WhenRecipientMissing.Pass => 0,
    };

    private static int Rank(WhenCertificateMissing missing) => missing switch
    {
        WhenCertificateMissing.Reject => 2,
        WhenCertificateMissing.Defer => 1,
        WhenCertificateMissing.Pass => 0,
    };

    private int PositionOf(Decision decision)
    {
        for (var i = 0; i < decisions.Count; i++)
        {
            if (ReferenceEquals(decisions[i], decision))
            {
                return i;
            }
        }

        return decisions.Count;
    }
}
