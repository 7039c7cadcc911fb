using System.Net;

namespace SmimeGateway.Accepting;

/// <summary>Counts the open connections of a listener, in total and for each client.</summary>
internal sealed class ConnectionCount
{
    private readonly Lock _gate = new();
    private readonly Dictionary<IPAddress, int> _clients = [];
    private int _total;

    /// <summary>Counts a connection, unless one of the limits is reached.</summary>
    public bool TryEnter(IPAddress client, ListenerLimits limits)
    {
        lock (_gate)
        {
            var ofClient = _clients.GetValueOrDefault(client);
            if (_total >= limits.Connections || ofClient >= limits.ConnectionsPerClient)
            {
                return false;
            }

            _total++;
            _clients[client] = ofClient + 1;
            return true;
        }
    }

    /// <summary>Takes a counted connection off again.</summary>
    public void Leave(IPAddress client)
    {
        lock (_gate)
        {
            _total--;

            // A client that is gone leaves nothing behind: the table never outgrows the connections.
            if (--_clients[client] == 0)
            {
                _clients.Remove(client);
            }
        }
    }
}
