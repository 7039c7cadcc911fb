namespace SmimeGateway.Certificates.Finding;

/// <summary>Tells those who wait for certificates that there may be new ones.</summary>
public sealed class Arrivals
{
    private readonly Lock _adding = new();
    private volatile Action[] _waiting = [];

    /// <summary>Has somebody told from now on, on any thread; what he does should be short.</summary>
    public void Add(Action arrived)
    {
        ArgumentNullException.ThrowIfNull(arrived);
        lock (_adding)
        {
            _waiting = [.. _waiting, arrived];
        }
    }

    /// <summary>Tells everybody.</summary>
    public void Announce()
    {
        foreach (var arrived in _waiting)
        {
            arrived();
        }
    }
}
