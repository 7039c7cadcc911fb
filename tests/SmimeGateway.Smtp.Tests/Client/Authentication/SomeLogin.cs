using System.Text;
using SmimeGateway.Smtp.Client;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Smtp.Tests.Client.Authentication;

/// <summary>Credentials, and next hops that ask for them under TLS.</summary>
internal static class SomeLogin
{
    public const string User = "gateway@example.com";
    public const string Password = "pencil-7e11c5";

    public static ClientCredentials With(ClientMechanism mechanism) => new(mechanism, User, () => Password, null);

    public static ScriptedNextHop Offer(string mechanisms, Func<string, string, ScriptedReply?>? script = null)
    {
        var nextHop = ScriptedNextHop.Start();
        nextHop.Tls = SomeTls.Server();
        nextHop.Extensions = ["PIPELINING", "STARTTLS"];
        nextHop.ExtensionsUnderTls = ["PIPELINING", $"AUTH {mechanisms}"];
        nextHop.Script = script ?? ((_, _) => null);
        return nextHop;
    }

    /// <summary>What the client sent after the second EHLO.</summary>
    public static IEnumerable<string> AfterEhlo(ScriptedNextHop nextHop) => nextHop.Commands.Skip(4);

    public static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    public static string Text(string base64) => Encoding.UTF8.GetString(Convert.FromBase64String(base64));
}
