namespace SmimeGateway.Protecting.Tnef;

/// <summary>Properties of a message, a recipient or an attachment. Of one that is there several times the first counts.</summary>
internal sealed class TnefProperties
{
    /// <summary>How many values of a property are looked at.</summary>
    public const int MaxValues = 20;

    private readonly Dictionary<(Guid Set, int Id), List<object>> _values = [];

    /// <summary>True when there is something that is not what its name says: it is of another type, or there several times, and not the same.</summary>
    public bool IsOdd { get; set; }

    public void Add(Guid set, int id, object value)
    {
        if (_values.TryAdd((set, id), [value]))
        {
            return;
        }

        var values = _values[(set, id)];
        if (values.Count == MaxValues)
        {
            IsOdd = true;
        }
        else if (!values.Exists(known => (known, value) is (byte[] one, byte[] other) ? one.AsSpan().SequenceEqual(other) : known.Equals(value)))
        {
            values.Add(value);
            IsOdd |= set != default || id is not (TnefIds.Body or TnefIds.BodyHtml or TnefIds.RtfCompressed);
        }
    }

    /// <summary>All values of a property that are different.</summary>
    public IReadOnlyList<object> All(int id) => _values.TryGetValue((default, id), out var values) ? values : [];

    public string? Text(int id, Guid set = default) => First(id, set) as string is { Length: > 0 } text ? text : null;

    public byte[]? Octets(int id, Guid set = default) => First(id, set) as byte[];

    public int? Number(int id, Guid set = default) => First(id, set) switch
    {
        int number => number,
        short number => number,
        bool isSet => isSet ? 1 : 0,
        _ => null,
    };

    public DateTime? Moment(int id, Guid set = default) => First(id, set) is DateTime moment && moment.Year is > 1970 and < 4500 ? moment : null;

    private object? First(int id, Guid set) => _values.TryGetValue((set, id), out var values) ? values[0] : null;
}
