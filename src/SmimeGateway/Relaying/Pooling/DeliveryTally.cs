using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace SmimeGateway.Relaying.Pooling;

/// <summary>How many messages each place of a route took since the start. It goes over to the route that takes the place of another.</summary>
internal sealed class DeliveryTally
{
    private readonly ConcurrentDictionary<(string Host, string Address), StrongBox<long>> _taken = new();

    /// <summary>Counts a message that was taken for all or some of its recipients.</summary>
    public void Count(string host, string address) =>
        Interlocked.Increment(ref _taken.GetOrAdd((host, address), static _ => new StrongBox<long>()).Value);

    /// <summary>Fills in how much each place took, and adds the places that took something before the routes changed, and nothing since.</summary>
    /// <param name="used">The places that are in use.</param>
    /// <param name="hosts">The hosts of the route, or its folder.</param>
    public IReadOnlyList<NextHopStatus> Fill(IEnumerable<NextHopStatus> used, IReadOnlyCollection<string> hosts)
    {
        List<NextHopStatus> filled =
        [
            .. used.Select(place => place with { Deliveries = _taken.TryGetValue((place.Host, place.Address), out var taken) ? Volatile.Read(ref taken.Value) : 0 }),
        ];
        filled.AddRange(
            from place in _taken
            where hosts.Contains(place.Key.Host) && !filled.Exists(known => (known.Host, known.Address) == place.Key)
            select new NextHopStatus(place.Key.Host, place.Key.Address, null, null, null, 0, Volatile.Read(ref place.Value.Value), null));
        return filled;
    }
}
