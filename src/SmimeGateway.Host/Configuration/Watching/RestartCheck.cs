namespace SmimeGateway.Host.Configuration.Watching;

/// <summary>Says what of a new configuration only a restart can bring about: endpoints, and the places of the queue and the log.</summary>
internal static class RestartCheck
{
    /// <summary>Each of them with what is in force and what is configured; empty when the new configuration can be taken over as a whole.</summary>
    public static IReadOnlyList<string> Compare(GatewayOptions before, GatewayOptions after)
    {
        var needs = new List<string>();
        var formerEndpoints = before.Listeners.ToDictionary(listener => listener.Name, listener => listener.Endpoint, StringComparer.OrdinalIgnoreCase);
        foreach (var listener in after.Listeners)
        {
            if (!formerEndpoints.Remove(listener.Name, out var former))
            {
                needs.Add($"listener \"{listener.Name}\" (new)");
            }
            else if (!former.Equals(listener.Endpoint))
            {
                needs.Add($"endpoint of listener \"{listener.Name}\": {former} -> {listener.Endpoint}");
            }
        }

        needs.AddRange(formerEndpoints.Keys.Select(name => $"listener \"{name}\" (removed)"));
        AddIf(before.Queue.Disk, after.Queue.Disk, "queue.disk");
        AddIf(before.Log.File, after.Log.File, "log.file");
        AddIf(before.Admin.Socket, after.Admin.Socket, "admin.socket");
        return needs;

        void AddIf(string? former, string? now, string key)
        {
            if (former != now)
            {
                needs.Add($"{key}: {former ?? "none"} -> {now ?? "none"}");
            }
        }
    }
}
