namespace SmimeGateway.Smtp.Client.Authentication;

/// <summary>
/// Logs in. Whatever goes wrong judges the host or the credentials and never a message, so it delays; and no word of it repeats a secret.
/// </summary>
internal sealed class Authenticator(
    ClientTransport transport, ServerExtensions extensions, ClientCredentials credentials, string remoteMta, TimeSpan timeout)
{
    private static readonly EnhancedStatus Undecided = new(4, 7, 0);

    /// <summary>Returns null when logged in, or why not.</summary>
    /// <exception cref="SessionLostException">The connection is of no more use.</exception>
    public async ValueTask<DeliveryStatus?> RunAsync(CancellationToken cancellationToken)
    {
        var choice = MechanismChoice.Find(
            credentials.Mechanism, credentials.Token is not null, extensions.Mechanisms, transport.Tls is not null, out var status, out var why);
        if (choice == SaslMechanisms.None)
        {
            return Delay(status, why);
        }

        try
        {
            return choice switch
            {
                SaslMechanisms.XOAuth2 => await UseTokenAsync(cancellationToken),
                SaslMechanisms.Gssapi => await UseTicketAsync(cancellationToken),
                _ => await UsePasswordAsync(choice),
            };
        }
        catch (CredentialsUnavailableException exception)
        {
            return Delay(Undecided, exception.Message);
        }
    }

    private async ValueTask<DeliveryStatus?> UsePasswordAsync(SaslMechanisms choice)
    {
        var password = credentials.Password?.Invoke() ?? throw new CredentialsUnavailableException("There is no password to log in with.");
        var mechanism = Create(choice, password);
        using var owned = mechanism as IDisposable;
        return await SaslExchange.RunAsync(transport, mechanism, password, timeout) is { } failure ? Refused(mechanism, failure) : null;
    }

    private async ValueTask<DeliveryStatus?> UseTicketAsync(CancellationToken cancellationToken)
    {
        var password = credentials.Password?.Invoke();
        try
        {
            using var mechanism = await GssapiMechanism.StartAsync(credentials.User, password, remoteMta, timeout, cancellationToken);
            return await SaslExchange.RunAsync(transport, mechanism, password ?? string.Empty, timeout) is { } failure ? Refused(mechanism, failure) : null;
        }
        catch (SaslException exception)
        {
            return Delay(Undecided, $"Logging in to the next hop by {SaslNames.Gssapi} is not possible: {exception.Message}.");
        }
    }

    private async ValueTask<DeliveryStatus?> UseTokenAsync(CancellationToken cancellationToken)
    {
        var fetch = credentials.Token ?? throw new CredentialsUnavailableException("There is no token to log in with.");
        var token = await fetch(false, cancellationToken);
        var first = new XOAuth2Mechanism(credentials.User, token);
        if (await SaslExchange.RunAsync(transport, first, token, timeout) is not { } failure)
        {
            return null;
        }

        if (failure.Reply is not { IsPermanent: true })
        {
            return Refused(first, failure);
        }

        // A token may have been revoked before its time; a second refusal is not about its age.
        token = await fetch(true, cancellationToken);
        var second = new XOAuth2Mechanism(credentials.User, token);
        try
        {
            failure = await SaslExchange.RunAsync(transport, second, token, timeout);
        }
        catch (SessionLostException) when (!cancellationToken.IsCancellationRequested)
        {
            // Some servers hang up after a refusal. The next session begins with the new token; what there is to say is the refusal.
        }

        return failure is null ? null : Refused(second, failure);
    }

    private ISaslMechanism Create(SaslMechanisms choice, string password) => choice switch
    {
        SaslMechanisms.ScramSha256 => new ScramMechanism(credentials.User, password),
        SaslMechanisms.Ntlm => new NtlmMechanism(credentials.User, password, remoteMta, transport.ChannelBinding),
        SaslMechanisms.Login => new LoginMechanism(credentials.User, password),
        _ => new PlainMechanism(credentials.User, password),
    };

    private DeliveryStatus Refused(ISaslMechanism mechanism, SaslFailure failure) =>
        Delay(StatusOf(failure.Reply), $"Logging in to the next hop by {mechanism.Name} failed: {failure.Why}{(failure.Reply is null ? "." : string.Empty)}");

    // The codes of RFC 4954 section 6 where the server gave none.
    private static EnhancedStatus StatusOf(ServerReply? reply) => reply switch
    {
        null => Undecided,
        { Status: { } status } => status with { Class = 4 },
        { Code: 432 } => new EnhancedStatus(4, 7, 12),
        { Code: 534 } => new EnhancedStatus(4, 7, 9),
        { Code: 535 } => new EnhancedStatus(4, 7, 8),
        { Code: 538 } => new EnhancedStatus(4, 7, 11),
        _ => Undecided,
    };

    private DeliveryStatus Delay(EnhancedStatus status, string why) => new(DeliveryAction.Delayed, status, why, remoteMta);
}
