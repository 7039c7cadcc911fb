using SmimeGateway.Host.Configuration.Reading;

namespace SmimeGateway.Host.Configuration.Validating;

/// <summary>Checks that no two entries of a list have the same name; names ignore case, because people do.</summary>
internal static class UniqueNames
{
    /// <summary>Complains about every name that an earlier entry has.</summary>
    public static void Check(IEnumerable<string> names, Place list, Complaints complaints)
    {
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var index = 0;
        foreach (var name in names)
        {
            var place = list[index++]["name"];
            if (place.IsPresent && complaints.IsSound(place) && !seen.Add(name))
            {
                complaints.Error(place, new Flaw("an entry before it has the same name", "Give each entry a name of its own."));
            }
        }
    }
}
