using System.Net;
using System.Net.Security;
using System.Security.Authentication.ExtendedProtection;

namespace SmimeGateway.Smtp.Client.Authentication;

/// <summary>NTLM by the framework's own negotiation. Without a domain, the user name is taken as it is: <c>DOMAIN\user</c> names one.</summary>
internal sealed class NtlmMechanism : ISaslMechanism, IDisposable
{
    // The framework's own NTLM; without the switch, Linux needs the system's GSSAPI and its plug-in gss-ntlmssp.
    private const string ManagedNtlm = "System.Net.Security.UseManagedNtlm";

    private readonly NegotiateAuthentication _negotiation;

    static NtlmMechanism()
    {
        if (!AppContext.TryGetSwitch(ManagedNtlm, out _))
        {
            AppContext.SetSwitch(ManagedNtlm, true);
        }
    }

    public NtlmMechanism(string user, string password, string host, ChannelBinding? binding)
    {
        var slash = user.IndexOf('\\', StringComparison.Ordinal);
        _negotiation = new NegotiateAuthentication(new NegotiateAuthenticationClientOptions
        {
            Package = "NTLM",
            Credential = slash < 0 ? new NetworkCredential(user, password) : new NetworkCredential(user[(slash + 1)..], password, user[..slash]),
            TargetName = $"SMTPSVC/{host}",
            Binding = binding,
            RequiredProtectionLevel = ProtectionLevel.None,
        });
    }

    public string Name => SaslNames.Ntlm;

    public bool IsSatisfied => _negotiation.IsAuthenticated;

    public byte[] Begin() => Step(default);

    public byte[] Answer(string challenge) => Step(SaslChallenge.Decode(challenge));

    public void Dispose() => _negotiation.Dispose();

    private byte[] Step(ReadOnlySpan<byte> incoming)
    {
        byte[]? outgoing;
        NegotiateAuthenticationStatusCode status;
        try
        {
            outgoing = _negotiation.GetOutgoingBlob(incoming, out status);
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or ArithmeticException or IndexOutOfRangeException)
        {
            // The framework believes the lengths and offsets in a challenge until they lead outside of it.
            status = NegotiateAuthenticationStatusCode.InvalidToken;
            outgoing = null;
        }

        return status is NegotiateAuthenticationStatusCode.Completed or NegotiateAuthenticationStatusCode.ContinueNeeded
            ? outgoing ?? []
            : throw new SaslException(status == NegotiateAuthenticationStatusCode.Unsupported
                ? "NTLM is not available on this machine"
                : $"NTLM does not take the server's challenge ({status})");
    }
}
