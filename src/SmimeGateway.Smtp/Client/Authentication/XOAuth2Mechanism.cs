using System.Text;

namespace SmimeGateway.Smtp.Client.Authentication;

/// <summary>XOAUTH2, as Google and Microsoft describe it: a bearer token; a challenge is the server's error, to be answered by nothing.</summary>
internal sealed class XOAuth2Mechanism(string user, string token) : ISaslMechanism
{
    private bool _wasRefused;

    public string Name => SaslNames.XOAuth2;

    public bool IsSatisfied => !_wasRefused;

    public byte[] Begin() => Encoding.UTF8.GetBytes($"user={user}\u0001auth=Bearer {token}\u0001\u0001");

    public byte[] Answer(string challenge)
    {
        if (_wasRefused)
        {
            throw new SaslException("the server goes on after it refused the token");
        }

        _wasRefused = true;
        return [];
    }
}
