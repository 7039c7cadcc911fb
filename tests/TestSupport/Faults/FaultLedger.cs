namespace SmimeGateway.TestSupport.Faults;

/// <summary>What became of the messages of a fault run, counted as for any mail server.</summary>
/// <param name="Accepted">Answered with 250.</param>
/// <param name="Lost">Accepted, and never delivered.</param>
/// <param name="Duplicates">Copies beyond the first.</param>
/// <param name="UnansweredButDelivered">Delivered though no 250 was read: allowed, the client would send it again.</param>
/// <param name="Orphans">Delivered, and never sent by the client: never allowed.</param>
/// <param name="Torn">Delivered with other content than was sent.</param>
public sealed record FaultLedger(int Accepted, int Lost, int Duplicates, int UnansweredButDelivered, int Orphans, int Torn)
{
    /// <summary>Compares what the client wrote down with what reached the next hop.</summary>
    public static FaultLedger Compare(FaultClient client, IEnumerable<CollectedMessage> delivered, Func<CollectedMessage, string?> findTear)
    {
        var copies = new Dictionary<string, int>();
        var torn = 0;
        foreach (var message in delivered)
        {
            var id = message.Field("X-Id") ?? string.Empty;
            copies[id] = copies.GetValueOrDefault(id) + 1;
            torn += findTear(message) is null ? 0 : 1;
        }

        var accepted = client.Accepted.Select(message => message.Id).ToHashSet();
        var tried = client.Tried.ToHashSet();
        return new FaultLedger(
            accepted.Count,
            accepted.Count(id => !copies.ContainsKey(id)),
            copies.Values.Sum(count => count - 1),
            copies.Keys.Count(id => !accepted.Contains(id) && tried.Contains(id)),
            copies.Keys.Count(id => !tried.Contains(id)),
            torn);
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"accepted {Accepted}, lost {Lost}, duplicates {Duplicates}, unanswered but delivered {UnansweredButDelivered}, orphans {Orphans}, torn {Torn}";
}
