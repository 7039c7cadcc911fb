using System.Net;
using SmimeGateway.Deciding.Options;
using SmimeGateway.Deciding.Patterns;

namespace SmimeGateway.Host.Configuration.Validating.Rules;

/// <summary>
/// Tells whether one rule takes every message of another one. It says no where it cannot tell: a warning that is wrong costs more trust
/// than one that is missing.
/// </summary>
internal static class RuleCover
{
    /// <summary>True when all messages for which the later conditions hold meet the earlier ones too.</summary>
    public static bool Covers(RuleConditions earlier, RuleConditions later) =>
        Covers(earlier.Sender, later.Sender, CoversAddress)
        && Covers(earlier.Recipient, later.Recipient, CoversAddress)
        && Covers(earlier.Listener, later.Listener, (one, other) => one.Equals(other, StringComparison.OrdinalIgnoreCase))
        && Covers(earlier.Client, later.Client, CoversNetwork)
        && Covers(earlier.User, later.User, CoversText)
        && Covers(earlier.Subject, later.Subject, CoversText)
        && Covers(earlier.Content, later.Content, CoversText)
        && earlier.Header.All(field => later.Header.TryGetValue(field.Key, out var values) && Covers(field.Value, values, CoversText));

    // A condition that is absent holds for everything; one with several values, when one of them does.
    private static bool Covers<T>(IReadOnlyList<T> earlier, IReadOnlyList<T> later, Func<T, T, bool> covers) =>
        earlier.Count == 0 || (later.Count > 0 && later.All(value => earlier.Any(pattern => covers(pattern, value))));

    // The null sender is matched by nothing but itself.
    private static bool CoversAddress(string earlier, string later) =>
        earlier == "<>" || later == "<>" ? earlier == later : CoversText(AddressPattern.Parse(earlier).Form, AddressPattern.Parse(later).Form);

    // Whatever a star of the later pattern stands for, a star of the earlier one takes too; a question mark takes one character of it alone.
    private static bool CoversText(string earlier, string later) =>
        earlier.Equals(later, StringComparison.OrdinalIgnoreCase)
        || (!(earlier.Contains('?', StringComparison.Ordinal) && later.Contains('*', StringComparison.Ordinal))
            && WildcardPattern.Parse(earlier).Matches(later));

    private static bool CoversNetwork(IPNetwork earlier, IPNetwork later) =>
        earlier.PrefixLength <= later.PrefixLength && earlier.Contains(later.BaseAddress);
}
