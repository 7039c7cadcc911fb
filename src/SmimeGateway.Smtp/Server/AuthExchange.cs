using SmimeGateway.Smtp.Sasl;
using SmimeGateway.Smtp.Server.Commands;
using SmimeGateway.Smtp.Server.Wire;

namespace SmimeGateway.Smtp.Server;

/// <summary>
/// Challenges and responses after AUTH (RFC 4954 section 4). None of them is ever shown to the observer: half of them are passwords.
/// </summary>
internal sealed class AuthExchange(SmtpServerPolicy policy, GuardedPolicy guarded, Dialogue dialogue, SessionWire wire)
{
    // The user whose password is being checked, from the admission on until somebody was told how that ended.
    private string? _underWay;
    private SmtpReply? _refusal;

    /// <summary>Holds the exchange. Either the reply that ends it, which is still to be given, or the end of the session.</summary>
    public async ValueTask<(SmtpReply? Reply, SessionEnd? End)> RunAsync(Command command)
    {
        var authentication = policy.Authentication!;
        try
        {
            return await RunAsync(authentication, command);
        }
        finally
        {
            if (_underWay is { } user)
            {
                _underWay = null;
                authentication.Abandoned(dialogue.Identity, user);
            }
        }
    }

    private async ValueTask<(SmtpReply? Reply, SessionEnd? End)> RunAsync(SmtpAuthentication authentication, Command command)
    {
        var mechanism = ServerMechanisms.Create(command.Mechanism!, new UserLookup(authentication.FindUser, AdmitAsync, authentication.InventionKey));
        var response = command.InitialResponse;
        while (true)
        {
            var step = await AskAsync(mechanism, response);
            if (step is not { Outcome: SaslOutcome.Challenged } challenged)
            {
                return (Decide(authentication, command.Mechanism!, step), null);
            }

            wire.Output.WriteChallenge(challenged.Challenge.Span);
            var (answer, end) = await ReadAsync();
            if (end is not null || answer.Fault is not null)
            {
                return (answer.Fault, end);
            }

            response = answer.Octets;
        }
    }

    private async ValueTask<bool> AdmitAsync(string user)
    {
        _refusal = await guarded.AdmitAsync(dialogue.Identity, user);
        _underWay = _refusal is null ? user : null;
        return _refusal is null;
    }

    // What the owner's code throws is our trouble, not the client's.
    private async ValueTask<SaslStep?> AskAsync(IServerMechanism mechanism, byte[]? response)
    {
        try
        {
            return await mechanism.TakeAsync(response);
        }
        catch (UsersUnavailableException)
        {
            return null;
        }
#pragma warning disable CA1031 // The edge of the library: nothing is known about what may come from beyond it.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            policy.Observer.Failed(dialogue.Identity, exception);
            return null;
        }
    }

    private SmtpReply Decide(SmtpAuthentication authentication, string mechanism, SaslStep? step)
    {
        switch (step?.Outcome)
        {
            case SaslOutcome.Malformed:
                return Replies.MalformedLogin;
            case SaslOutcome.TurnedAway:
                return _refusal!;
            case SaslOutcome.Accepted or SaslOutcome.Refused or SaslOutcome.Uncertain:
                var isIn = step.Value.Outcome == SaslOutcome.Accepted;
                _underWay = null;
                authentication.Attempted(dialogue.Identity, step.Value.User, mechanism, isIn);
                if (isIn)
                {
                    dialogue.LogIn(step.Value.User);
                }

                return isIn ? Replies.LoggedIn : step.Value.Outcome == SaslOutcome.Refused ? Replies.LoginRefused : Replies.LoginUnavailable;
            default:
                return Replies.LoginUnavailable;
        }
    }

    private async ValueTask<(SaslResponse Response, SessionEnd? End)> ReadAsync()
    {
        wire.Deadline.Set(dialogue.Patience);
        SaslResponse response;
        while (!wire.Input.TryTakeResponse(out response))
        {
            if (wire.IsDraining)
            {
                return (default, await wire.CloseAsync(Replies.ShuttingDown, SessionEnd.Drained));
            }

            if (await wire.WaitAsync() is { } end)
            {
                return (default, end);
            }
        }

        wire.Deadline.Clear();
        return (response, null);
    }
}
