using SmimeGateway.Protecting;
using SmimeGateway.Queueing;
using SmimeGateway.Relaying;
using SmimeGateway.Smtp;

namespace SmimeGateway.Host.Admin;

/// <summary>Messages of the queue, in the order in which they were accepted.</summary>
/// <param name="Messages">As many as were asked for.</param>
/// <param name="IsComplete">False when there are more.</param>
internal sealed record QueueList(IReadOnlyList<ListedMessage> Messages, bool IsComplete);

/// <summary>A message in the queue with its header section; never its body.</summary>
/// <param name="Message">What the list says of it.</param>
/// <param name="Header">The lines of its header section; empty when it cannot be read.</param>
internal sealed record ShownMessage(ListedMessage Message, IReadOnlyList<string> Header);

/// <summary>A message in the queue.</summary>
/// <param name="Id">Its queue id.</param>
/// <param name="State">What it is doing.</param>
/// <param name="Accepted">When the 250 was given.</param>
/// <param name="AgeSeconds">How long ago that is.</param>
/// <param name="Octets">The length of its content.</param>
/// <param name="Sender">The reverse path; empty for the null path.</param>
/// <param name="Attempts">Attempts that ended.</param>
/// <param name="NextAttempt">When it is due again; null when it is held or being delivered.</param>
/// <param name="Recipients">Those that are still to be served.</param>
internal sealed record ListedMessage(
    string Id,
    QueueState State,
    DateTimeOffset Accepted,
    double AgeSeconds,
    long Octets,
    string Sender,
    int Attempts,
    DateTimeOffset? NextAttempt,
    IReadOnlyList<ListedRecipient> Recipients)
{
    /// <summary>What was done to it before it was accepted; null when the queue does not know.</summary>
    public Protection? Protection { get; init; }

    /// <summary>What an administrator wants to know of a message.</summary>
    public static ListedMessage From(QueueListing listing, RouteTable routes, DateTimeOffset now) => new(
        listing.Id.Value,
        listing.State,
        listing.Accepted,
        Math.Round((now - listing.Accepted).TotalSeconds, 3),
        listing.Octets,
        listing.Envelope.ReversePath.Address,
        listing.Attempts,
        listing.NextAttempt,
        [.. listing.Recipients.Select(pending => new ListedRecipient(
            pending.Recipient.Path.Address,
            QueueSelectionReader.NextHop(routes, pending.Recipient.Path),
            pending.LastStatus?.Status.ToString(),
            pending.LastStatus?.Diagnostic ?? (listing.State == QueueState.Active ? null : WhyItWaits(routes, pending.Recipient.Path))))])
    {
        Protection = listing.Protection,
    };

    // What was not tried has heard nothing itself: its next hop says why.
    private static string? WhyItWaits(RouteTable routes, MailPath recipient) => routes.Find(recipient)?.Look() switch
    {
        { Queue.IsResting: true } route =>
            $"waits, as the next hop takes no mail now: {route.NextHops.FirstOrDefault(hop => hop.LastTrouble is not null)?.LastTrouble ?? "the log says why"}",
        { MessagesPerMinute: { } rate } => $"waits for its turn: its route sends {rate} message(s) a minute at most",
        _ => null,
    };
}

/// <summary>A recipient that is still to be served.</summary>
/// <param name="Address">The recipient.</param>
/// <param name="NextHop">Where the routes send it.</param>
/// <param name="Status">The enhanced status of the last attempt, such as <c>4.4.1</c>; null before the first.</param>
/// <param name="Reason">What the next hop answered, or what prevented the attempt; null before the first.</param>
internal sealed record ListedRecipient(string Address, string NextHop, string? Status, string? Reason);
