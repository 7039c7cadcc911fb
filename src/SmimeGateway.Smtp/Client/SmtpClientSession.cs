using System.Diagnostics.CodeAnalysis;
using SmimeGateway.Smtp.Client.Transactions;

namespace SmimeGateway.Smtp.Client;

/// <summary>
/// The client's side of one SMTP connection (RFC 5321), reusable for any number of transactions, one at a time. Whatever the server does,
/// each recipient gets a status: nothing the server sends or withholds becomes an exception.
/// </summary>
public sealed class SmtpClientSession : IAsyncDisposable
{
    private readonly ClientTransport _transport;
    private bool _resetFirst;

    private SmtpClientSession(ClientTransport transport, string remoteMta, SmtpClientOptions options)
    {
        _transport = transport;
        RemoteMta = remoteMta;
        Options = options;
    }

    /// <summary>The name the server is known by in statuses.</summary>
    public string RemoteMta { get; }

    /// <summary>What the server offered.</summary>
    public ServerExtensions Extensions { get; private set; } = ServerExtensions.None;

    /// <summary>What the TLS handshake agreed on; null when the session is plain.</summary>
    public TlsFacts? Tls => _transport.Tls;

    /// <summary>True while another transaction may be tried.</summary>
    public bool IsReusable { get; private set; } = true;

    /// <summary>Transactions begun so far.</summary>
    public int Transactions { get; private set; }

    internal SmtpClientOptions Options { get; }

    /// <summary>
    /// Waits for the greeting, introduces the client, by HELO where the server does not know EHLO, encrypts and logs in as the options say.
    /// </summary>
    /// <param name="stream">A connected stream; owned by the session from now on, and closed when there will be none.</param>
    /// <param name="remoteMta">The server's host name or address, for statuses and for <see cref="ClientTls.OptionsFor"/>.</param>
    /// <param name="options">Name, timeouts, encryption and credentials.</param>
    /// <param name="time">The clock of the timeouts.</param>
    /// <param name="cancellationToken">Breaks the connection.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    [SuppressMessage("Reliability", "CA2000", Justification = "The session owns the transport, and the caller or this method ends the session.")]
    public static async Task<SessionOpening> OpenAsync(
        Stream stream, string remoteMta, SmtpClientOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        var session = new SmtpClientSession(new ClientTransport(stream, time), remoteMta, options);
        var opener = new SessionOpener(session._transport, remoteMta, options);
        DeliveryStatus? trouble;
        try
        {
            await using var abort = session._transport.AbortOn(cancellationToken);
            trouble = await opener.OpenAsync(cancellationToken);
            session.Extensions = options.UsesChunking ? opener.Extensions : opener.Extensions with { Chunking = false };
        }
        catch (SessionLostException lost)
        {
            await session.DisposeAsync();
            cancellationToken.ThrowIfCancellationRequested();
            trouble = new DeliveryStatus(DeliveryAction.Delayed, lost.Status, lost.Message, remoteMta);
            return new SessionOpening(null, trouble) { MayTryWithoutTls = opener.MayTryWithoutTls };
        }
        catch
        {
            // The caller's own functions gave up: there is no token because of the shutdown, say.
            await session.DisposeAsync();
            throw;
        }

        if (trouble is null)
        {
            return new SessionOpening(session, null);
        }

        await session.QuitAsync(cancellationToken);
        return new SessionOpening(null, trouble);
    }

    /// <summary>Sends one message. Returns a status for each recipient; see <see cref="TransactionOutcome"/>.</summary>
    /// <param name="envelope">Sender and recipients.</param>
    /// <param name="content">The message with CR LF line ends, not dot-stuffed, without the final dot.</param>
    /// <param name="cancellationToken">Breaks the connection; whether the message arrived is then unknown.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    /// <exception cref="IOException">The content could not be read to its end, so the server did not get it. The session has ended.</exception>
    public async ValueTask<TransactionOutcome> SendAsync(
        Envelope envelope, MessageContent content, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(envelope);
        ArgumentNullException.ThrowIfNull(content);
        if (!IsReusable)
        {
            throw new InvalidOperationException("The session has ended.");
        }

        Transactions++;

        // Until the transaction says so: whatever interrupts it leaves a session that nobody knows the state of.
        IsReusable = false;
        var transaction = new Transaction(this, _transport, envelope, content);
        TransactionOutcome outcome;
        await using (_transport.AbortOn(cancellationToken))
        {
            outcome = await transaction.RunAsync(_resetFirst);
        }

        _resetFirst = transaction.LeavesTransactionOpen;
        IsReusable = transaction.LeavesSessionUsable && !_transport.HasUnreadInput;
        if (!IsReusable)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }

        return outcome;
    }

    /// <summary>Says goodbye and closes the connection. Never fails: nothing depends on the answer.</summary>
    public async Task QuitAsync(CancellationToken cancellationToken)
    {
        IsReusable = false;
        await using (_transport.AbortOn(cancellationToken))
        {
            try
            {
                _transport.Append("QUIT\r\n"u8);
                await _transport.FlushAsync(Options.Timeouts.Quit);
                await _transport.ReadReplyAsync(Options.Timeouts.Quit);
                await _transport.CloseNotifyAsync(Options.Timeouts.Quit);
            }
            catch (SessionLostException)
            {
                // The server may hang up without a word; the connection is closed either way.
            }
        }

        await DisposeAsync();
    }

    /// <summary>Closes the connection without a word.</summary>
    public ValueTask DisposeAsync()
    {
        IsReusable = false;
        return _transport.DisposeAsync();
    }
}
