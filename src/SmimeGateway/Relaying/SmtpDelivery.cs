using System.Net;
using Microsoft.Extensions.Logging;
using SmimeGateway.Accepting.Crowding;
using SmimeGateway.Certificates;
using SmimeGateway.Queueing;
using SmimeGateway.Relaying.Authenticating;
using SmimeGateway.Relaying.Pooling;
using SmimeGateway.Relaying.Securing;
using SmimeGateway.Smtp;
using SmimeGateway.Smtp.Client;

namespace SmimeGateway.Relaying;

/// <summary>Delivers to the hosts of one route over pooled connections.</summary>
internal sealed class SmtpDelivery : IDelivery
{
    // What every server has to take in one transaction (RFC 5321 section 4.5.3.1.8).
    private const int MaxRecipients = 100;

    private readonly NextHopOptions _options;
    private readonly NextHopPool _pool;
    private readonly Admission _admission;
    private readonly Revival _revival;
    private readonly Pace? _pace;
    private readonly RouteSecurity? _security;
    private readonly RouteCredentials? _credentials;
    private readonly MemoryBudget? _memory;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly DeliveryStatus _busy;

    public SmtpDelivery(NextHopOptions options, SmtpClientOptions client, TimeProvider time, ILogger<SmtpDelivery> log)
        : this(options, client, new SmtpDeliveryParts(), time, log)
    {
    }

    public SmtpDelivery(NextHopOptions options, SmtpClientOptions client, SmtpDeliveryParts parts, TimeProvider time, ILogger<SmtpDelivery> log)
    {
        _options = options;
        _security = parts.Security;
        _credentials = parts.Credentials;
        _memory = parts.Memory;
        _pace = parts.MessagesPerMinute is { } rate ? new Pace(rate, time) : null;
        var secured = client with { Tls = _security?.MakeClientTls(), Credentials = _credentials?.MakeClientCredentials() };
        _pool = new NextHopPool(options, secured, _security, time, log);
        _admission = new Admission(options.Connections, options.Patience, time);
        _time = time;
        _log = log;
        Name = string.Join(",", options.Hosts.Select(host => $"{host.Host}:{host.Port}"));
        _revival = new Revival(_pool, options.Cooldown, parts.Wake, Name, time, log);
        _busy = new DeliveryStatus(
            DeliveryAction.Delayed, new EnhancedStatus(4, 4, 5), "All connections to the next hop are busy.", options.Hosts[0].Host);
    }

    /// <inheritdoc/>
    public OwnCertificate? Certificate => _security?.Identity?.Certificate;

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public int Width => _options.Connections;

    /// <summary>Makes the delivery of a route with hosts.</summary>
    /// <param name="route">The route.</param>
    /// <param name="client">The name in EHLO, and timeouts.</param>
    /// <param name="firstRetry">The first pause between attempts.</param>
    /// <param name="wake">Makes messages due that wait for a host.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">For the log.</param>
    /// <param name="memory">The memory that messages share; null where nobody counts.</param>
    public static SmtpDelivery Create(
        RouteOptions route, SmtpClientOptions client, TimeSpan firstRetry, Action<IReadOnlyList<QueueId>> wake, TimeProvider time, ILogger<SmtpDelivery> log,
        MemoryBudget? memory = null)
    {
        var parts = new SmtpDeliveryParts
        {
            Security = route.Tls == RouteTls.Off ? null : new RouteSecurity(route, time, log),
            Credentials = route.Authentication is { } authentication ? new RouteCredentials(authentication, time, log) : null,
            MessagesPerMinute = route.MessagesPerMinute,
            Wake = wake,
            Memory = memory,
        };
        return new SmtpDelivery(NextHopOptions.For(route, firstRetry), client with { UsesChunking = route.Chunking }, parts, time, log);
    }

    /// <inheritdoc/>
    public async ValueTask<DeliveryAttempt> DeliverAsync(QueuedMessage message, Envelope envelope, CancellationToken cancellationToken)
    {
        if (_pace?.Ask(message.Id) is { Ticks: > 0 } wait)
        {
            if (wait > _options.Patience)
            {
                return DeliveryAttempt.TurnedAway(envelope, Paced(), wait);
            }

            await Task.Delay(wait, _time, cancellationToken);
        }

        if (!await _admission.TryEnterAsync(cancellationToken))
        {
            return DeliveryAttempt.TurnedAway(envelope, _busy);
        }

        var entered = _time.GetTimestamp();
        try
        {
            if (envelope.Recipients.Count <= MaxRecipients)
            {
                return await SendAsync(message, envelope, cancellationToken);
            }

            return await SendInChunksAsync(message, envelope, cancellationToken);
        }
        finally
        {
            _admission.Leave(entered);
        }
    }

    /// <inheritdoc/>
    public RouteStatus Look(IReadOnlyList<string> recipients) =>
        new(recipients, Name, _options.Connections - _admission.FreePlaces, _options.Connections, _revival.Count, _pool.Look());

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _revival.DisposeAsync();
        await _pool.DisposeAsync();
        await (_security?.DisposeAsync() ?? ValueTask.CompletedTask);
        _credentials?.Dispose();
    }

    private async ValueTask<DeliveryAttempt> SendInChunksAsync(QueuedMessage message, Envelope envelope, CancellationToken cancellationToken)
    {
        var statuses = new List<DeliveryStatus>(envelope.Recipients.Count);
        var hosts = new List<string>(envelope.Recipients.Count);
        var wasTurnedAway = true;
        Exception? breakage = null;
        foreach (var chunk in envelope.Recipients.Chunk(MaxRecipients))
        {
            var part = envelope with { Recipients = chunk };
            DeliveryAttempt attempt;
            try
            {
                attempt = await SendAsync(message, part, cancellationToken);
            }
#pragma warning disable CA1031 // What breaks one transaction must not take with it what is known of those before: they would be delivered twice.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                attempt = DeliveryAttempt.Broke(part, exception, cancellationToken);
            }

            statuses.AddRange(attempt.Statuses);
            hosts.AddRange(attempt.Hosts ?? Enumerable.Repeat(Name, chunk.Length));
            wasTurnedAway &= attempt.WasTurnedAway;
            breakage ??= attempt.Breakage;
        }

        return new DeliveryAttempt(statuses, wasTurnedAway) { Breakage = breakage, Hosts = hosts };
    }

    private async ValueTask<DeliveryAttempt> SendAsync(QueuedMessage message, Envelope envelope, CancellationToken cancellationToken)
    {
        DnsEndPoint? avoid = null;

        // A kept connection that the server closed meanwhile is no failed attempt; nor is one host's while another may do better. The
        // bound covers every kept connection and every host once.
        for (var tries = _options.Connections + _options.Hosts.Count; ; tries--)
        {
            var connection = await _pool.RentAsync(avoid, cancellationToken);
            if (!connection.IsOpen)
            {
                if (connection.IsBusy)
                {
                    return DeliveryAttempt.TurnedAway(envelope, connection.Trouble);
                }

                _revival.Strand(message.Id);
                return DeliveryAttempt.Uniform(envelope, connection.Trouble);
            }

            var (session, address) = (connection.Session.Session, connection.Session.Address);
            var wasUsed = session.Transactions > 0;
            TransactionOutcome outcome;
            var isLost = true;
            try
            {
                using var fit = await FitContent.MakeAsync(message.Content, session.Extensions.Chunking, _memory, cancellationToken);
                if (fit.Content is not { } content)
                {
                    return DeliveryAttempt.Uniform(envelope, FitContent.NoMemory);
                }

                if (content != message.Content)
                {
                    RelayingLog.LinesShortened(_log, message.Id.Value, address.Host.Host);
                }

                RelayingLog.Sending(_log, message.Id.Value, content.Length, envelope.Recipients.Count, address.Host.Host, wasUsed);
                outcome = await session.SendAsync(envelope, content, cancellationToken);
                isLost = !session.IsReusable;
            }
            finally
            {
                _pool.Return(connection.Session);
            }

            // A kept connection may have been closed for its age, which says nothing about the server.
            if (!(wasUsed && outcome.IsUntouched))
            {
                Note(address, outcome, isLost);
            }

            var isLastHost = avoid is not null || _options.Hosts.Count == 1;
            if (!outcome.IsUntouched || tries == 1 || (!wasUsed && isLastHost))
            {
                // The server did not look at the message before it hung up, so the trouble is the server's.
                if (outcome.IsUntouched && !_pool.IsSound)
                {
                    _revival.Strand(message.Id);
                }

                return new DeliveryAttempt(outcome.Recipients) { Hosts = [.. Enumerable.Repeat(address.Shown, outcome.Recipients.Count)] };
            }

            avoid = wasUsed ? avoid : address.Host;
            RelayingLog.TryingAgain(_log, message.Id.Value, address.Host.Host, outcome.Recipients[0].Diagnostic);
        }
    }

    private void Note(NextHopAddress address, TransactionOutcome outcome, bool isLost)
    {
        // Who answers and then hangs up has answered. Only what is to be tried again may become the trouble that others hear of without
        // being tried: a verdict on this message is none on theirs.
        var hasDelivery = HasDelivery(outcome.Recipients);
        var trouble = isLost && !hasDelivery ? outcome.Recipients.LastOrDefault(status => status.Action == DeliveryAction.Delayed) : null;
        if (trouble is null)
        {
            address.Health.Answered();
            _revival.Reached();
            if (hasDelivery)
            {
                address.CountDelivery();
            }
        }
        else if (address.Health.Lost(_time.GetUtcNow(), trouble))
        {
            RelayingLog.SessionsLost(_log, address.Host.Host, address.EndPoint, _options.Cooldown, trouble.Diagnostic);
        }
    }

    private static bool HasDelivery(IReadOnlyList<DeliveryStatus> statuses)
    {
        for (var i = 0; i < statuses.Count; i++)
        {
            if (statuses[i].Action == DeliveryAction.Delivered)
            {
                return true;
            }
        }

        return false;
    }

    private DeliveryStatus Paced() => new(
        DeliveryAction.Delayed, new EnhancedStatus(4, 4, 5), "The route sends no faster than it is told to.", _options.Hosts[0].Host);
}
