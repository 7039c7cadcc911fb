using System.Net;
using Microsoft.Extensions.Logging;
using SmimeGateway.Queueing;
using SmimeGateway.Relaying.Pooling;
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
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly DeliveryStatus _busy;

    public SmtpDelivery(NextHopOptions options, SmtpClientOptions client, TimeProvider time, ILogger<SmtpDelivery> log)
    {
        _options = options;
        _pool = new NextHopPool(options, client, time, log);
        _admission = new Admission(options.Connections, options.Patience, time);
        _time = time;
        _log = log;
        Name = string.Join(",", options.Hosts.Select(host => $"{host.Host}:{host.Port}"));
        _busy = new DeliveryStatus(
            DeliveryAction.Delayed, new EnhancedStatus(4, 4, 5), "All connections to the next hop are busy.", options.Hosts[0].Host);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public int Width => _options.Connections;

    /// <inheritdoc/>
    public async ValueTask<DeliveryAttempt> DeliverAsync(QueuedMessage message, Envelope envelope, CancellationToken cancellationToken)
    {
        if (!await _admission.TryEnterAsync(cancellationToken))
        {
            return DeliveryAttempt.Uniform(envelope, _busy, wasTurnedAway: true);
        }

        var entered = _time.GetTimestamp();
        try
        {
            if (envelope.Recipients.Count <= MaxRecipients)
            {
                return new DeliveryAttempt(await SendAsync(message, envelope, cancellationToken));
            }

            var statuses = new List<DeliveryStatus>(envelope.Recipients.Count);
            foreach (var recipients in envelope.Recipients.Chunk(MaxRecipients))
            {
                statuses.AddRange(await SendAsync(message, envelope with { Recipients = recipients }, cancellationToken));
            }

            return new DeliveryAttempt(statuses);
        }
        finally
        {
            _admission.Leave(entered);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _pool.DisposeAsync();

    private async ValueTask<IReadOnlyList<DeliveryStatus>> SendAsync(
        QueuedMessage message, Envelope envelope, CancellationToken cancellationToken)
    {
        DnsEndPoint? avoid = null;

        // A kept connection that the server closed meanwhile is no failed attempt; nor is one host's while another may do better. The
        // bound covers every kept connection and every host once.
        for (var tries = _options.Connections + _options.Hosts.Count; ; tries--)
        {
            var connection = await _pool.RentAsync(avoid, cancellationToken);
            if (!connection.IsOpen)
            {
                return DeliveryAttempt.Uniform(envelope, connection.Trouble).Statuses;
            }

            var (session, host) = (connection.Session.Session, connection.Session.Host);
            var wasUsed = session.Transactions > 0;
            RelayingLog.Sending(_log, message.Id.Value, message.Content.Length, envelope.Recipients.Count, host.Host, wasUsed);
            TransactionOutcome outcome;
            try
            {
                outcome = await session.SendAsync(envelope, message.Content, cancellationToken);
            }
            finally
            {
                _pool.Return(connection.Session);
            }

            var isLastHost = avoid is not null || _options.Hosts.Count == 1;
            if (!outcome.IsUntouched || tries == 1 || (!wasUsed && isLastHost))
            {
                return outcome.Recipients;
            }

            avoid = wasUsed ? avoid : host;
            RelayingLog.TryingAgain(_log, message.Id.Value, host.Host, outcome.Recipients[0].Diagnostic);
        }
    }
}
