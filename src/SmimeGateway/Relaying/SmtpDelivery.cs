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
    private readonly NextHopOptions _options;
    private readonly NextHopPool _pool;
    private readonly RouteRest _rest;
    private readonly RouteOptions? _route;
    private readonly RouteSecurity? _security;
    private readonly RouteCredentials? _credentials;
    private readonly MemoryBudget? _memory;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly DeliveryTally _tally;
    private readonly string[] _hosts;
    private readonly int? _messagesPerMinute;
    private int _active;

    public SmtpDelivery(NextHopOptions options, SmtpClientOptions client, TimeProvider time, ILogger<SmtpDelivery> log)
        : this(options, client, new SmtpDeliveryParts(), time, log)
    {
    }

    public SmtpDelivery(NextHopOptions options, SmtpClientOptions client, SmtpDeliveryParts parts, TimeProvider time, ILogger<SmtpDelivery> log)
    {
        _options = options;
        _route = parts.Route;
        _security = parts.Security;
        _credentials = parts.Credentials;
        _memory = parts.Memory;
        _tally = parts.Tally;
        _messagesPerMinute = parts.MessagesPerMinute;
        _hosts = [.. options.Hosts.Select(host => host.Host)];
        Interval = parts.MessagesPerMinute is { } rate ? TimeSpan.FromMinutes(1) / rate : TimeSpan.Zero;
        var secured = client with { Tls = _security?.MakeClientTls(), Credentials = _credentials?.MakeClientCredentials() };
        _pool = new NextHopPool(options, secured, _security, time, log);
        _time = time;
        _log = log;
        Name = string.Join(",", options.Hosts.Select(host => $"{host.Host}:{host.Port}"));
        _rest = new RouteRest(_pool, options.Cooldown, Name, time, log);
    }

    /// <inheritdoc/>
    public OwnCertificate? Certificate => _security?.Identity?.Certificate;

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public int Width => _options.Connections;

    /// <inheritdoc/>
    public TimeSpan Interval { get; }

    /// <summary>Makes the delivery of a route with hosts.</summary>
    /// <param name="route">The route.</param>
    /// <param name="client">The name in EHLO, and timeouts.</param>
    /// <param name="firstRetry">The first pause between attempts.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">For the log.</param>
    /// <param name="memory">The memory that messages share; null where nobody counts.</param>
    /// <param name="tally">What the route before it delivered.</param>
    public static SmtpDelivery Create(
        RouteOptions route, SmtpClientOptions client, TimeSpan firstRetry, TimeProvider time, ILogger<SmtpDelivery> log, MemoryBudget? memory = null, DeliveryTally? tally = null)
    {
        var parts = new SmtpDeliveryParts
        {
            Route = route,
            Security = route.Tls == RouteTls.Off ? null : new RouteSecurity(route, time, log),
            Credentials = route.Authentication is { } authentication ? new RouteCredentials(authentication, RouteProxy.Of(route)?.MakeWebProxy(), time, log) : null,
            MessagesPerMinute = route.MessagesPerMinute,
            Memory = memory,
            Tally = tally ?? new DeliveryTally(),
        };
        return new SmtpDelivery(NextHopOptions.For(route, firstRetry), client with { UsesChunking = route.Chunking }, parts, time, log);
    }

    /// <inheritdoc/>
    public IReadOnlyList<RouteInspection> Inspect() => _route is null ? [] : RouteInspection.Of(_route, _security?.Identity, _time);

    /// <inheritdoc/>
    public void Serve(IRouteQueue queue) => _rest.Serve(queue);

    /// <inheritdoc/>
    public async ValueTask<DeliveryAttempt> DeliverAsync(QueuedMessage message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        Interlocked.Increment(ref _active);
        try
        {
            return await SendAsync(message, cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _active);
        }
    }

    /// <inheritdoc/>
    public RouteStatus Look(IReadOnlyList<string> recipients) =>
        new(recipients, Name, Volatile.Read(ref _active), Width, _rest.Figures, _tally.Fill(_pool.Look(), _hosts))
        {
            MessagesPerMinute = _messagesPerMinute,
        };

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _rest.DisposeAsync();
        await _pool.DisposeAsync();
        await (_security?.DisposeAsync() ?? ValueTask.CompletedTask);
        _credentials?.Dispose();
    }

    private async ValueTask<DeliveryAttempt> SendAsync(QueuedMessage message, CancellationToken cancellationToken)
    {
        var envelope = message.Envelope;
        DnsEndPoint? avoid = null;

        // A kept connection that the server closed meanwhile is no failed attempt; nor is one host's while another may do better. The
        // bound covers every kept connection and every host once.
        for (var tries = _options.Connections + _options.Hosts.Count; ; tries--)
        {
            var connection = await _pool.RentAsync(avoid, cancellationToken);
            if (!connection.IsOpen)
            {
                // Where one host just failed this message and only the others cannot be reached, the route is not at its end.
                if (avoid is not null && _pool.IsSound)
                {
                    return DeliveryAttempt.Uniform(envelope, connection.Trouble);
                }

                _rest.Begin(connection.Trouble);
                return DeliveryAttempt.Untried(envelope, connection.Trouble);
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
                    // It may be the message all the same, so that it pays with an attempt, and others are asked with first.
                    _rest.Begin(outcome.Recipients[0]);
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
            _rest.End();
            if (hasDelivery)
            {
                _tally.Count(address.Host.Host, address.Place);
            }
        }
        else if (address.Health.Lost(_time.GetUtcNow(), trouble))
        {
            RelayingLog.SessionsLost(_log, address.Shown, _options.Cooldown, trouble.Diagnostic);
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
}
