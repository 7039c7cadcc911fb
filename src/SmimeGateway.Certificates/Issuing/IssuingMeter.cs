namespace SmimeGateway.Certificates.Issuing;

/// <summary>
/// Counts the new mailboxes that each client has certificates issued for. A client that may write as anybody of a domain can invent as many
/// as it likes; each would cost a key, a file, and a place in memory for years.
/// </summary>
internal sealed class IssuingMeter(AuthorityOptions options, TimeProvider time)
{
    private static readonly TimeSpan Window = TimeSpan.FromHours(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Queue<DateTimeOffset>> _issued = new(StringComparer.Ordinal);

    /// <summary>Counts one more for a client, or says why there may be none now.</summary>
    /// <param name="client">The client; an empty name for the gateway's own needs.</param>
    /// <param name="mailboxes">How many mailboxes have certificates.</param>
    public string? Refuse(string client, int mailboxes)
    {
        if (mailboxes >= options.MaxMailboxes)
        {
            return $"the authority has certificates for {mailboxes} mailboxes, and issues for {options.MaxMailboxes} at most";
        }

        lock (_gate)
        {
            var now = time.GetUtcNow();
            foreach (var (name, times) in _issued)
            {
                // Times that lie ahead are those of a clock that was set back.
                while (times.TryPeek(out var oldest) && (now - oldest >= Window || oldest > now))
                {
                    times.Dequeue();
                }

                if (times.Count == 0)
                {
                    _issued.Remove(name);
                }
            }

            if (!_issued.TryGetValue(client, out var own))
            {
                _issued[client] = own = new Queue<DateTimeOffset>();
            }

            if (own.Count >= options.MaxPerClientAndHour)
            {
                return $"{PrintableText.Of(client)} had certificates issued for {own.Count} new mailboxes within an hour, and may have no more";
            }

            own.Enqueue(now);
            return null;
        }
    }
}
