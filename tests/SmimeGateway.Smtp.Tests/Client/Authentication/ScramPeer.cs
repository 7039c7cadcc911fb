using System.Security.Cryptography;
using System.Text;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Smtp.Tests.Client.Authentication;

/// <summary>The server's side of SCRAM-SHA-256, written from the formulas of RFC 5802 section 3, with faults to order.</summary>
internal sealed class ScramPeer(int iterations = 4096)
{
    private readonly byte[] _salt = RandomNumberGenerator.GetBytes(16);
    private string _clientFirst = string.Empty;
    private int _step;

    public bool IsBegun => _step > 0;

    public Func<string, string> ChangeFirst { get; init; } = message => message;

    public Func<string, string> ChangeFinal { get; init; } = message => message;

    public ScriptedReply Answer(string line)
    {
        switch (_step++)
        {
            case 0:
                var begin = SomeLogin.Text(line["AUTH SCRAM-SHA-256 ".Length..]);
                begin.ShouldStartWith("n,,n=");
                _clientFirst = begin[3..];
                return Challenge(ServerFirst);
            case 1:
                return AnswerProof(SomeLogin.Text(line));
            default:
                return line.Length == 0 ? ScriptedReply.Say("235 2.7.0 Welcome") : ScriptedReply.Say("501 5.7.0 Cancelled");
        }
    }

    private string ServerFirst =>
        ChangeFirst($"r={_clientFirst[(_clientFirst.IndexOf(",r=", StringComparison.Ordinal) + 3)..]}+server,s={Convert.ToBase64String(_salt)},i={iterations}");

    private ScriptedReply AnswerProof(string final)
    {
        if (final == "*")
        {
            return ScriptedReply.Say("501 5.7.0 Cancelled");
        }

        var cut = final.IndexOf(",p=", StringComparison.Ordinal);
        var auth = Encoding.UTF8.GetBytes($"{_clientFirst},{ServerFirst},{final[..cut]}");
        var salted = Rfc2898DeriveBytes.Pbkdf2(SomeLogin.Password, _salt, iterations, HashAlgorithmName.SHA256, 32);
        var clientKey = HMACSHA256.HashData(salted, "Client Key"u8);
        var signature = HMACSHA256.HashData(SHA256.HashData(clientKey), auth);
        var proof = Convert.FromBase64String(final[(cut + 3)..]);
        var isRight = proof.Zip(signature, (a, b) => (byte)(a ^ b)).SequenceEqual(clientKey);
        return isRight
            ? Challenge(ChangeFinal("v=" + Convert.ToBase64String(HMACSHA256.HashData(HMACSHA256.HashData(salted, "Server Key"u8), auth))))
            : ScriptedReply.Say("535 5.7.8 Wrong proof");
    }

    private static ScriptedReply Challenge(string message) => ScriptedReply.Say("334 " + SomeLogin.Base64(message));
}
