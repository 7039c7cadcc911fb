using System.Text;
using System.Text.Unicode;

namespace SmimeGateway.Smtp.Sasl;

/// <summary>PLAIN (RFC 4616): one response with the name and the password.</summary>
internal sealed class PlainMechanism(UserLookup users) : IServerMechanism
{
    /// <inheritdoc/>
    public async ValueTask<SaslStep> TakeAsync(byte[]? response)
    {
        if (response is null)
        {
            return SaslStep.Ask(default);
        }

        if (!Utf8.IsValid(response) || Encoding.UTF8.GetString(response).Split('\0') is not [var authority, var name, { Length: > 0 } password])
        {
            return SaslStep.Malformed;
        }

        // Nobody acts for somebody else.
        return !UserLookup.IsName(name) ? SaslStep.Malformed
            : authority.Length == 0 || authority == name ? await PasswordCheck.DecideAsync(users, name, password)
            : SaslStep.Decide(await users.AdmitAsync(name) ? SaslOutcome.Refused : SaslOutcome.TurnedAway, name);
    }
}
