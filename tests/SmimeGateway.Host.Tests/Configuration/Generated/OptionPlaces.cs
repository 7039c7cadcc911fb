using SmimeGateway.Host.Configuration.Binding;

namespace SmimeGateway.Host.Tests.Configuration.Generated;

/// <summary>All option records, with the places in the configuration where they stand.</summary>
internal static class OptionPlaces
{
    /// <summary>Each record once, in the order of the configuration; a list's entries are written <c>listeners[]</c>.</summary>
    public static IReadOnlyList<(Type Type, IReadOnlyList<string> Places)> All { get; } = Collect();

    private static List<(Type Type, IReadOnlyList<string> Places)> Collect()
    {
        var places = new List<(Type Type, string Place)>();
        Visit(typeof(GatewayOptions), string.Empty, places);
        return [.. places.GroupBy(place => place.Type).Select(group => (group.Key, (IReadOnlyList<string>)[.. group.Select(place => place.Place)]))];
    }

    private static void Visit(Type type, string place, List<(Type Type, string Place)> places)
    {
        places.Add((type, place));
        foreach (var key in OptionShape.Of(type).Keys.Where(key => OptionShape.IsOptions(key.ElementType)))
        {
            var name = key.Name + (key.IsList ? "[]" : string.Empty);
            Visit(key.ElementType, place.Length == 0 ? name : place + "." + name, places);
        }
    }
}
