namespace SmimeGateway.Host.Configuration.Watching;

/// <summary>Says what of a new configuration only a restart can bring about: endpoints, and the places of the queue and the log.</summary>
internal static class RestartCheck
{
    /// <summary>One sentence for each; empty when the new configuration can be taken over as a whole.</summary>
    public static IReadOnlyList<string> Compare(GatewayOptions before, GatewayOptions after)
    {
        var needs = new List<string>();
        var formerEndpoints = before.Listeners.ToDictionary(listener => listener.Name, listener => listener.Endpoint, StringComparer.OrdinalIgnoreCase);
        foreach (var listener in after.Listeners)
        {
            if (!formerEndpoints.Remove(listener.Name, out var former))
            {
                needs.Add($"The new listener \"{listener.Name}\" opens after a restart.");
            }
            else if (!former.Equals(listener.Endpoint))
            {
                needs.Add($"The listener \"{listener.Name}\" moves from {former} to {listener.Endpoint} after a restart.");
            }
        }

        needs.AddRange(formerEndpoints.Keys.Select(name => $"The listener \"{name}\" closes after a restart."));
        AddMove(before.Queue.Disk, after.Queue.Disk, "queue");
        AddMove(before.Log.File, after.Log.File, "log");
        AddMove(before.Admin.Socket, after.Admin.Socket, "admin socket");
        return needs;

        void AddMove(string? from, string? to, string what)
        {
            if (from != to)
            {
                needs.Add($"The {what} moves to {to ?? "nowhere"} after a restart.");
            }
        }
    }
}
