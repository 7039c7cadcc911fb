using System.Globalization;
using SmimeGateway.Host.Configuration.Reading;

namespace SmimeGateway.Host.Configuration.Watching;

/// <summary>Tells people what differs between two versions of a configuration.</summary>
internal static class ConfigurationDifference
{
    // More than anybody reads in a log.
    private const int MaxLines = 100;

    /// <summary>
    /// One line for each value that was added, removed or changed, beginning with its JSON path. Entries with names are compared by
    /// name, so that a rule put before the others is one line and not as many as there are rules.
    /// </summary>
    public static IReadOnlyList<string> Between(ConfigurationNode before, ConfigurationNode after)
    {
        var lines = new List<string>();
        Compare(before, after, lines);
        return lines.Count <= MaxLines
            ? lines
            : [.. lines.Take(MaxLines), string.Create(CultureInfo.InvariantCulture, $"and {lines.Count - MaxLines} more")];
    }

    private static void Compare(ConfigurationNode before, ConfigurationNode after, List<string> lines)
    {
        if (before.Kind == NodeKind.Object && after.Kind == NodeKind.Object)
        {
            CompareByKey(before, after, child => child.Key!, lines);
        }
        else if (HasNamedEntries(before) && HasNamedEntries(after))
        {
            CompareByKey(before, after, NameOf, lines);
            CompareOrder(before, after, lines);
        }
        else if (HasObjects(before) && HasObjects(after))
        {
            CompareByKey(before, after, child => child.Index.ToString(CultureInfo.InvariantCulture), lines);
        }
        else if (!AreEqual(before, after))
        {
            lines.Add($"{after.Path}: {before} -> {after}");
        }
    }

    private static void CompareByKey(
        ConfigurationNode before, ConfigurationNode after, Func<ConfigurationNode, string> keyOf, List<string> lines)
    {
        var old = before.Children.ToDictionary(keyOf, StringComparer.Ordinal);
        foreach (var child in after.Children)
        {
            if (old.Remove(keyOf(child), out var former))
            {
                Compare(former, child, lines);
            }
            else
            {
                lines.Add($"{child.Path}: added {child}");
            }
        }

        lines.AddRange(before.Children.Where(child => old.ContainsKey(keyOf(child))).Select(child => $"{child.Path}: removed {child}"));
    }

    private static void CompareOrder(ConfigurationNode before, ConfigurationNode after, List<string> lines)
    {
        var former = before.Children.Select(NameOf).ToHashSet(StringComparer.Ordinal);
        var kept = after.Children.Select(NameOf).ToHashSet(StringComparer.Ordinal);
        var formerOrder = before.Children.Select(NameOf).Where(kept.Contains);
        var order = after.Children.Select(NameOf).Where(former.Contains);
        if (!formerOrder.SequenceEqual(order, StringComparer.Ordinal))
        {
            lines.Add($"{after.Path}: the order changed");
        }
    }

    // A single value stands for a list of one, so writing it as a list changes nothing.
    private static bool AreEqual(ConfigurationNode before, ConfigurationNode after) =>
        before.Kind == NodeKind.Array || after.Kind == NodeKind.Array
            ? Elements(before).SequenceEqual(Elements(after), StringComparer.Ordinal)
            : before.Kind == after.Kind && before.Text == after.Text;

    private static IEnumerable<string> Elements(ConfigurationNode node) =>
        node.Kind == NodeKind.Array ? node.Children.Select(child => child.Text) : [node.Text];

    private static bool HasObjects(ConfigurationNode node) =>
        node.Kind == NodeKind.Array && node.Children.All(child => child.Kind == NodeKind.Object);

    private static bool HasNamedEntries(ConfigurationNode node) =>
        HasObjects(node)
        && node.Children.All(child => child.Find("name") is { Kind: NodeKind.String })
        && node.Children.Select(NameOf).Distinct(StringComparer.Ordinal).Count() == node.Children.Count;

    private static string NameOf(ConfigurationNode entry) => entry.Find("name")!.Text;
}
