using System.Text;

namespace SmimeGateway.Smtp.Client.Authentication;

/// <summary>PLAIN (RFC 4616): name and password in one message.</summary>
internal sealed class PlainMechanism(string user, string password) : ISaslMechanism
{
    public string Name => SaslNames.Plain;

    public bool IsSatisfied => true;

    public byte[] Begin() => Encoding.UTF8.GetBytes($"\0{user}\0{password}");

    public byte[] Answer(string challenge) => throw new SaslException("the server asks for more than name and password");
}
