using SmimeGateway.Smtp.Client.Authentication;
using SmimeGateway.Smtp.Client.Transactions;

namespace SmimeGateway.Smtp.Client;

/// <summary>
/// What comes before the first transaction: greeting, EHLO, STARTTLS and EHLO again, AUTH. Nothing of a message and no credentials are
/// sent before the encryption that was asked for stands.
/// </summary>
internal sealed class SessionOpener(ClientTransport transport, string remoteMta, SmtpClientOptions options)
{
    private bool _isTlsOnTrial;

    /// <summary>What the server offered in its last reply to EHLO.</summary>
    public ServerExtensions Extensions { get; private set; } = ServerExtensions.None;

    /// <summary>True when the session was lost to a TLS that was welcome but not required.</summary>
    public bool MayTryWithoutTls => _isTlsOnTrial;

    /// <summary>Opens the session, or says why there is none.</summary>
    public async ValueTask<DeliveryStatus?> OpenAsync(CancellationToken cancellationToken)
    {
        if (options.Tls is { Mode: ClientTlsMode.Implicit } tls)
        {
            await EncryptAsync(tls);
        }

        var greeting = await transport.ReadOnlyReplyAsync(options.Timeouts.Greeting);
        if (greeting.Code != 220)
        {
            return ReplyStatus.OfRefusedSession(greeting, remoteMta);
        }

        return await IntroduceAsync()
            ?? await SecureAsync()
            ?? (options.Credentials is { } credentials
                ? await new Authenticator(transport, Extensions, credentials, remoteMta, options.Timeouts.Command).RunAsync(cancellationToken)
                : null);
    }

    private async ValueTask<DeliveryStatus?> IntroduceAsync()
    {
        var hello = await AskAsync($"EHLO {options.HostName}");
        if (hello.IsPositive)
        {
            Extensions = ServerExtensions.Read(transport.ReplyLines);
            return null;
        }

        Extensions = ServerExtensions.None;
        if (hello.IsPermanent)
        {
            hello = await AskAsync($"HELO {options.HostName}");
        }

        return hello.IsPositive ? null : ReplyStatus.OfRefusedSession(hello, remoteMta);
    }

    private async ValueTask<DeliveryStatus?> SecureAsync()
    {
        if (options.Tls is not { } tls || transport.Tls is not null)
        {
            return null;
        }

        if (!Extensions.StartTls)
        {
            return tls.Mode == ClientTlsMode.Required ? Insecure("The next hop does not offer STARTTLS, and TLS is required.") : null;
        }

        // Bytes behind the 220 could be replies that somebody in between slipped in, to be read as if they had come encrypted. The
        // transport takes them for a breach of the protocol.
        var go = await AskAsync("STARTTLS");
        if (go.Code == 421)
        {
            return ReplyStatus.OfRefusedSession(go, remoteMta);
        }

        if (go.Code != 220)
        {
            return tls.Mode == ClientTlsMode.Required ? Insecure($"The next hop refused STARTTLS, and TLS is required: {go.Text}") : null;
        }

        // A server may refuse the client's certificate after the handshake, as the client sees it, so the first reply belongs to the trial.
        _isTlsOnTrial = tls.Mode == ClientTlsMode.WhenOffered;
        await EncryptAsync(tls);

        // RFC 3207 section 4.2: what was offered in plain could be anybody's word.
        var trouble = await IntroduceAsync();
        _isTlsOnTrial = false;
        return trouble;
    }

    private ValueTask EncryptAsync(ClientTls tls) =>
        transport.EncryptAsync(tls.OptionsFor(remoteMta), () => tls.Explain(remoteMta), options.Timeouts.Handshake);

    private ValueTask<ServerReply> AskAsync(string line) => transport.AskAsync(line, options.Timeouts.Command);

    // RFC 3463: 4.7.4 is a security feature that the other side does not support.
    private DeliveryStatus Insecure(string why) => new(DeliveryAction.Delayed, new EnhancedStatus(4, 7, 4), why, remoteMta);
}
