using System.Text;

namespace SmimeGateway.Smtp.Client.Authentication;

/// <summary>LOGIN: name and password, each when asked. Servers word the questions as they like, so only their order counts.</summary>
internal sealed class LoginMechanism(string user, string password) : ISaslMechanism
{
    private int _answers;

    public string Name => SaslNames.Login;

    public bool IsSatisfied => true;

    public byte[]? Begin() => null;

    public byte[] Answer(string challenge) => _answers++ switch
    {
        0 => Encoding.UTF8.GetBytes(user),
        1 => Encoding.UTF8.GetBytes(password),
        _ => throw new SaslException("the server asks for more than name and password"),
    };
}
