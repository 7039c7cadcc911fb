using System.Security.Cryptography;

namespace SmimeGateway.TestSupport.Faults;

/// <summary>What became of the messages of a fault run, counted as for any mail server: for each recipient of a message by itself.</summary>
/// <param name="Accepted">Answered with 250.</param>
/// <param name="Lost">Accepted, and never delivered.</param>
/// <param name="Duplicates">Copies beyond the first.</param>
/// <param name="UnansweredButDelivered">Delivered though no 250 was read: allowed, the client would send it again.</param>
/// <param name="Orphans">Delivered, and never sent by the client: never allowed.</param>
/// <param name="Torn">Delivered with other content than was sent, or than the first copy had.</param>
public sealed record FaultLedger(int Accepted, int Lost, int Duplicates, int UnansweredButDelivered, int Orphans, int Torn)
{
    /// <summary>Compares what the client wrote down with what reached the next hop.</summary>
    /// <param name="client">What was sent and accepted.</param>
    /// <param name="delivered">What reached the next hop.</param>
    /// <param name="findTear">What is wrong with the content of a message, or null.</param>
    /// <param name="counts">Whether a 250 is held against the server; without it, all are.</param>
    public static FaultLedger Compare(
        FaultClient client,
        IEnumerable<CollectedMessage> delivered,
        Func<CollectedMessage, string?> findTear,
        Func<AcceptedMessage, bool>? counts = null)
    {
        var copies = new Dictionary<string, int>();
        var digests = new Dictionary<string, string>();
        var torn = 0;
        foreach (var message in delivered)
        {
            var id = IdOf(message);
            foreach (var copy in CopiesOf(message))
            {
                copies[copy] = copies.GetValueOrDefault(copy) + 1;
            }

            // A retry sends the stored bytes: a second copy that differs from the first is as wrong as a torn one.
            var digest = Convert.ToHexString(SHA256.HashData(message.Content));
            torn += digests.TryAdd(id, digest) ? (findTear(message) is null ? 0 : 1) : (digests[id] == digest ? 0 : 1);
        }

        var accepted = Counted(client, counts);
        var tried = client.Tried.SelectMany(id => Copies(id, client.Recipients)).ToHashSet();
        return new FaultLedger(
            accepted.Count,
            accepted.Count(id => !copies.ContainsKey(id)),
            copies.Values.Sum(count => count - 1),
            copies.Keys.Count(id => !accepted.Contains(id) && tried.Contains(id)),
            copies.Keys.Count(id => !tried.Contains(id)),
            torn);
    }

    /// <summary>How many were accepted and have not arrived: the cheap part of <see cref="Compare"/>, to wait for.</summary>
    public static int CountLost(FaultClient client, IEnumerable<CollectedMessage> delivered, Func<AcceptedMessage, bool>? counts = null)
    {
        var missing = Counted(client, counts);
        missing.ExceptWith(delivered.SelectMany(CopiesOf));
        return missing.Count;
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"accepted {Accepted}, lost {Lost}, duplicates {Duplicates}, unanswered but delivered {UnansweredButDelivered}, orphans {Orphans}, torn {Torn}";

    private static string IdOf(CollectedMessage message) => message.Field("X-Id") ?? string.Empty;

    private static IEnumerable<string> CopiesOf(CollectedMessage message) => Copies(IdOf(message), message.Recipients);

    private static IEnumerable<string> Copies(string id, IEnumerable<string> recipients) => recipients.Select(recipient => $"{id} {recipient}");

    private static HashSet<string> Counted(FaultClient client, Func<AcceptedMessage, bool>? counts) =>
        [.. client.Accepted.Where(message => counts?.Invoke(message) ?? true).SelectMany(message => Copies(message.Id, client.Recipients))];
}
