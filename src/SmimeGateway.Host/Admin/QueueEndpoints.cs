using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using SmimeGateway.Queueing;
using SmimeGateway.Relaying;

namespace SmimeGateway.Host.Admin;

/// <summary>Shows the queue, and carries out what an administrator wants done to it.</summary>
/// <param name="queue">The queue.</param>
/// <param name="routes">Gives the routes in force, which tell the next hop of a recipient.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Hears what was done by whom.</param>
internal sealed partial class QueueEndpoints(IMessageQueue queue, Func<RouteTable> routes, TimeProvider time, ILogger<QueueEndpoints> log)
{
    private const int UsualMessages = 100;
    private const int MaxMessages = 10_000;

    public async Task ListAsync(HttpContext context)
    {
        if (!QueueQuery.TryRead(context.Request.Query, out var selection, out var limitText, out var unknown))
        {
            await RefuseAsync(context, $"There is no filter \"{unknown}\".");
            return;
        }

        var limit = UsualMessages;
        if (limitText is not null && (!int.TryParse(limitText, out limit) || limit is < 1 or > MaxMessages))
        {
            await RefuseAsync(context, $"\"{limitText}\" is no number of messages. Up to {MaxMessages} are listed at a time.");
            return;
        }

        var table = routes();
        var now = time.GetUtcNow();
        if (QueueSelectionReader.Read(selection, table, now, out var filter) is { } fault)
        {
            await RefuseAsync(context, fault);
            return;
        }

        // One more than asked for tells whether there are more.
        var found = await queue.ListAsync(filter, limit + 1, context.RequestAborted);
        await AdminReply.GiveAsync(
            context, new QueueList([.. found.Take(limit).Select(message => ListedMessage.From(message, table, now))], found.Count <= limit));
    }

    public async Task ShowAsync(HttpContext context)
    {
        if (await FindAsync(context) is not { } found)
        {
            return;
        }

        var header = await queue.ReadHeaderAsync(found.Id, context.RequestAborted);
        await AdminReply.GiveAsync(
            context, new ShownMessage(ListedMessage.From(found, routes(), time.GetUtcNow()), HeaderText.Lines(header)));
    }

    /// <summary>Gives a message that waits for a certificate as it lies in the queue; who has the key of the gateway can open it.</summary>
    public async Task ExportAsync(HttpContext context)
    {
        if (await FindAsync(context) is not { } found)
        {
            return;
        }

        var content = await queue.ReadSealedAsync(found.Id, context.RequestAborted);
        if (content.IsEmpty)
        {
            await RefuseAsync(context, $"{found.Id} is not sealed: only messages that wait for a certificate are given away.");
            return;
        }

        Done(log, found.Id, "exported, sealed as it is,", Requester.Of(context));
        context.Response.ContentType = "message/rfc822";
        context.Response.ContentLength = content.Length;
        await context.Response.Body.WriteAsync(content, context.RequestAborted);
    }

    public Task RetryAsync(HttpContext context) => ActAsync(context, QueueAction.Retry, isForAll: true, queue.RetryAsync);

    public Task HoldAsync(HttpContext context) => ActAsync(context, QueueAction.Hold, isForAll: false, queue.HoldAsync);

    // Held messages are let go one by one, by a filter, or all on purpose: what was sent cannot be taken back.
    public Task ReleaseAsync(HttpContext context) => ActAsync(context, QueueAction.Release, isForAll: false, queue.ReleaseAsync);

    public Task RemoveAsync(HttpContext context) => ActAsync(context, QueueAction.Remove, isForAll: false, queue.RemoveAsync);

    private async Task<QueueListing?> FindAsync(HttpContext context)
    {
        var id = new QueueId(context.Request.RouteValues["id"]!.ToString()!.ToUpperInvariant());
        var found = await queue.ListAsync(new QueueFilter { Ids = [id] }, 1, context.RequestAborted);
        if (found.Count > 0)
        {
            return found[0];
        }

        await AdminReply.RefuseAsync(
            context, StatusCodes.Status404NotFound, $"{id} is not in the queue: it was delivered, bounced or removed (the log says which), or never was.");
        return null;
    }

    private async Task ActAsync(
        HttpContext context,
        QueueAction action,
        bool isForAll,
        Func<QueueFilter, CancellationToken, ValueTask<IReadOnlyList<QueueId>>> act)
    {
        if (await AdminReply.ReadAsync<QueueSelection>(context) is not { } selection)
        {
            return;
        }

        if (selection.IsEverything && !selection.All && !isForAll)
        {
            await RefuseAsync(context, $"Nothing says which messages to {Word(action)}. Give ids or a filter, or --all for every message in the queue.");
            return;
        }

        if (selection.All && !selection.IsEverything)
        {
            await RefuseAsync(context, "--all means every message, so it goes with no ids and no filter.");
            return;
        }

        if (QueueSelectionReader.Read(selection, routes(), time.GetUtcNow(), out var filter) is { } fault)
        {
            await RefuseAsync(context, fault);
            return;
        }

        // Begun is finished, and told, also when the one who asked went away.
        var done = await act(filter, CancellationToken.None);
        var requester = Requester.Of(context);
        foreach (var id in done)
        {
            Done(log, id, Participle(action), requester);
        }

        var untouched = await ExplainAsync(action, [.. filter.Ids.Except(done)]);
        var resting = action == QueueAction.Retry ? await FindRestingAsync(filter) : [];
        await AdminReply.GiveAsync(context, new QueueActionResult([.. done.Select(id => id.Value)], untouched) { Resting = resting });
    }

    // A host that is left alone is asked by its own clock: a message more that runs against it would only cost the others a pause more.
    private async Task<IReadOnlyList<string>> FindRestingAsync(QueueFilter filter)
    {
        var table = routes();
        var messages = await queue.ListAsync(filter, UsualMessages, CancellationToken.None);
        return [.. messages
            .SelectMany(message => message.Recipients)
            .Select(pending => table.Find(pending.Recipient.Path))
            .OfType<Route>()
            .Distinct()
            .Select(route => route.Look())
            .Where(route => route.Queue.IsResting)
            .Select(route =>
                $"{route.Target} takes no mail now: what waits for it goes out once it answers, due or not. It is asked again{WhenAsked(route)}.")];
    }

    private static string WhenAsked(RouteStatus route) =>
        route.NextHops.Min(hop => hop.RestingUntil) is { } until ? $" at {until.UtcDateTime:HH:mm:ss}Z" : " soon";

    private async Task<IReadOnlyList<UntouchedMessage>> ExplainAsync(QueueAction action, IReadOnlyList<QueueId> untouched)
    {
        if (untouched.Count == 0)
        {
            return [];
        }

        var there = await queue.ListAsync(new QueueFilter { Ids = untouched }, untouched.Count, CancellationToken.None);
        var states = there.ToDictionary(message => message.Id, message => message.State);
        return [.. untouched.Select(id => new UntouchedMessage(id.Value, states.TryGetValue(id, out var state) ? Reason(action, state) : "is not in the queue"))];
    }

    private static string Reason(QueueAction action, QueueState state) => (action, state) switch
    {
        (QueueAction.Retry, QueueState.Held) => "is held: release it first",
        (QueueAction.Retry, QueueState.Fresh) => "is due anyway",
        (QueueAction.Retry, QueueState.Active) => "is being delivered",
        (QueueAction.Hold, QueueState.Held) => "is held already",
        (QueueAction.Release, QueueState.Waiting) => "waits for a certificate of its recipients, and leaves once there is one",
        (QueueAction.Release, not QueueState.Held) => "is not held",
        _ => "does not fit the filter",
    };

    private static Task RefuseAsync(HttpContext context, string sentence) =>
        AdminReply.RefuseAsync(context, StatusCodes.Status400BadRequest, sentence);

    private static string Word(QueueAction action) => action.ToString().ToLowerInvariant();

    private static string Participle(QueueAction action) => action switch
    {
        QueueAction.Retry => "made due now",
        QueueAction.Hold => "held",
        QueueAction.Release => "released",
        QueueAction.Remove => "removed without a report to anybody",
    };

    [LoggerMessage(Level = LogLevel.Warning, Message = "{QueueId} {Action} by {Requester}")]
    private static partial void Done(ILogger log, QueueId queueId, string action, string requester);
}
