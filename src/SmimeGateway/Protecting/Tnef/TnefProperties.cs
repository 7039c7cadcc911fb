namespace SmimeGateway.Protecting.Tnef;

/// <summary>Properties of a message, a recipient or an attachment. Of one that is there several times the first counts.</summary>
internal sealed class TnefProperties
{
    private readonly Dictionary<(Guid Set, int Id), object> _values = [];

    /// <summary>True when a text was there several times, and not always the same.</summary>
    public bool HasFurtherText { get; private set; }

    public void Add(Guid set, int id, object value)
    {
        if (!_values.TryAdd((set, id), value) && set == default && id is TnefIds.Body or TnefIds.BodyHtml or TnefIds.RtfCompressed)
        {
            var first = _values[(set, id)];
            HasFurtherText |= (first, value) is (byte[] one, byte[] other) ? !one.AsSpan().SequenceEqual(other) : !first.Equals(value);
        }
    }

    public string? Text(int id, Guid set = default) => _values.GetValueOrDefault((set, id)) as string is { Length: > 0 } text ? text : null;

    public byte[]? Octets(int id, Guid set = default) => _values.GetValueOrDefault((set, id)) as byte[];

    public int? Number(int id, Guid set = default) => _values.GetValueOrDefault((set, id)) switch
    {
        int number => number,
        short number => number,
        bool isSet => isSet ? 1 : 0,
        _ => null,
    };

    public DateTime? Moment(int id, Guid set = default) => _values.GetValueOrDefault((set, id)) is DateTime moment && moment.Year is > 1970 and < 4500 ? moment : null;
}
