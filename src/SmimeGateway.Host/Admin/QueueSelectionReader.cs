using System.Diagnostics.CodeAnalysis;
using SmimeGateway.Deciding.Patterns;
using SmimeGateway.Host.Configuration.Binding;
using SmimeGateway.Queueing;
using SmimeGateway.Relaying;
using SmimeGateway.Smtp;

namespace SmimeGateway.Host.Admin;

/// <summary>Makes a filter of what was written.</summary>
internal static class QueueSelectionReader
{
    private const int MaxIds = 1000;
    private const int MaxPatternLength = 1000;

    /// <summary>Reads a selection; returns null when it is good, else a sentence that says what is wrong with it.</summary>
    /// <param name="selection">As it was written.</param>
    /// <param name="routes">Tell the next hop of a recipient.</param>
    /// <param name="now">From when ages count.</param>
    /// <param name="filter">The filter.</param>
    public static string? Read(QueueSelection selection, RouteTable routes, DateTimeOffset now, out QueueFilter filter)
    {
        filter = new QueueFilter();
        if (selection.Ids.Count > MaxIds)
        {
            return $"At most {MaxIds} ids can be given at a time.";
        }

        if (Array.Exists([selection.Sender, selection.Recipient, selection.NextHop], pattern => pattern?.Length is 0 or > MaxPatternLength))
        {
            return $"A pattern has between 1 and {MaxPatternLength} characters.";
        }

        QueueState? state = null;
        if (selection.State is { } word && !TryParseState(word, out state))
        {
            return $"\"{word}\" is no state. A message is fresh, active, deferred, held or waiting.";
        }

        var age = TimeSpan.Zero;
        if (selection.OlderThan is { } duration && DurationText.TryParse(duration, out age) is { } flaw)
        {
            return $"\"{duration}\": {flaw.Problem}. {flaw.Remedy}";
        }

        filter = new QueueFilter
        {
            Ids = [.. selection.Ids.Select(id => new QueueId(id.ToUpperInvariant()))],
            Sender = selection.Sender is { } sender ? AddressPattern.Parse(sender).Matches : null,
            Recipient = Recipients(selection, routes),
            AcceptedBefore = selection.OlderThan is null ? null : now - age,
            State = state,
        };
        return null;
    }

    /// <summary>The way out for a recipient, as the queue's lists call it.</summary>
    public static string NextHop(RouteTable routes, MailPath recipient) => routes.Find(recipient)?.Delivery.Name ?? "(no route)";

    private static Func<MailPath, bool>? Recipients(QueueSelection selection, RouteTable routes)
    {
        var recipient = selection.Recipient is { } address ? AddressPattern.Parse(address) : null;
        var nextHop = selection.NextHop is { } name ? WildcardPattern.Parse(name) : null;
        return recipient is null && nextHop is null
            ? null
            : path => recipient?.Matches(path) != false && nextHop?.Matches(NextHop(routes, path)) != false;
    }

    private static bool TryParseState(string word, [NotNullWhen(true)] out QueueState? state)
    {
        state = Enum.GetValues<QueueState>()
            .Select(value => (QueueState?)value)
            .FirstOrDefault(value => value.ToString()!.Equals(word, StringComparison.OrdinalIgnoreCase));
        return state is not null;
    }
}
