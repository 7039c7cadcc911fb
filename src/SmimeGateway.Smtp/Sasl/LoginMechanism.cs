using System.Text;
using System.Text.Unicode;

namespace SmimeGateway.Smtp.Sasl;

/// <summary>LOGIN (draft-murchison-sasl-login): the name and the password, each in a response of its own.</summary>
internal sealed class LoginMechanism(UserLookup users) : IServerMechanism
{
    private string? _name;

    /// <inheritdoc/>
    public async ValueTask<SaslStep> TakeAsync(byte[]? response)
    {
        if (response is null)
        {
            return SaslStep.Ask("Username:"u8.ToArray());
        }

        if (response.Length == 0 || !Utf8.IsValid(response))
        {
            return SaslStep.Malformed;
        }

        var text = Encoding.UTF8.GetString(response);
        if (_name is null)
        {
            _name = text;
            return UserLookup.IsName(text) ? SaslStep.Ask("Password:"u8.ToArray()) : SaslStep.Malformed;
        }

        return await PasswordCheck.DecideAsync(users, _name, text);
    }
}
