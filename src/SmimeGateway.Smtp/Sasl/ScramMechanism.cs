using System.Security.Cryptography;
using System.Text;
using System.Text.Unicode;

namespace SmimeGateway.Smtp.Sasl;

/// <summary>
/// SCRAM-SHA-256 (RFC 5802, RFC 7677), which proves the password to both sides without showing it. Channel binding is not offered, so
/// that a client which supports it may say so, but may not use it.
/// </summary>
internal sealed class ScramMechanism : IServerMechanism
{
    // 144 bits.
    private const int NonceOctets = 18;

    private readonly UserLookup _users;
    private readonly string _ownNonce;
    private Stage _stage;
    private ScramFirst? _first;
    private ScramCredentials? _credentials;
    private bool _isKnown;
    private SaslOutcome _whenWrong;
    private string _challenge = string.Empty;

    public ScramMechanism(UserLookup users, string? nonce = null)
    {
        _users = users;
        _ownNonce = nonce ?? Convert.ToBase64String(RandomNumberGenerator.GetBytes(NonceOctets));
    }

    private enum Stage
    {
        First,
        Final,
        Acknowledgement,
    }

    /// <inheritdoc/>
    public async ValueTask<SaslStep> TakeAsync(byte[]? response) => response switch
    {
        null => SaslStep.Ask(default),
        _ when _stage == Stage.Acknowledgement => response.Length == 0 ? SaslStep.Decide(SaslOutcome.Accepted, _first!.User) : SaslStep.Malformed,
        _ when !Utf8.IsValid(response) => SaslStep.Malformed,
        _ when _stage == Stage.First => Challenge(Encoding.UTF8.GetString(response)),
        _ => await VerifyAsync(Encoding.UTF8.GetString(response)),
    };

    private SaslStep Challenge(string message)
    {
        if (!ScramFirst.TryParse(message, out _first))
        {
            return SaslStep.Malformed;
        }

        (_credentials, _isKnown, _whenWrong) = _users.Find(_first.User);
        _challenge = $"r={_first.Nonce}{_ownNonce},s={Convert.ToBase64String(_credentials.Salt.Span)},i={_credentials.Iterations}";
        _stage = Stage.Final;
        return SaslStep.Ask(Encoding.UTF8.GetBytes(_challenge));
    }

    private async ValueTask<SaslStep> VerifyAsync(string message)
    {
        var first = _first!;
        var proofAt = message.LastIndexOf(",p=", StringComparison.Ordinal);
        var proof = new byte[ScramKeys.Length];
        if (proofAt < 0
            || !Convert.TryFromBase64String(message[(proofAt + 3)..], proof, out var length)
            || length != proof.Length)
        {
            return SaslStep.Malformed;
        }

        if (!await _users.AdmitAsync(first.User))
        {
            return SaslStep.Decide(SaslOutcome.TurnedAway, first.User);
        }

        var unproven = message[..proofAt];
        var binding = "c=" + Convert.ToBase64String(Encoding.UTF8.GetBytes(first.Header));
        if (unproven.Split(',') is not [var bound, var nonce, ..] || bound != binding || nonce != $"r={first.Nonce}{_ownNonce}")
        {
            return SaslStep.Decide(SaslOutcome.Refused, first.User);
        }

        var credentials = _credentials!;
        var exchange = Encoding.UTF8.GetBytes($"{first.Bare},{_challenge},{unproven}");
        var signature = HMACSHA256.HashData(credentials.StoredKey.Span, exchange);
        for (var i = 0; i < proof.Length; i++)
        {
            proof[i] ^= signature[i];
        }

        // The proof without the signature is the client's key, of which only the hash is known here.
        var isProven = CryptographicOperations.FixedTimeEquals(credentials.StoredKey.Span, ScramKeys.StoredKey(proof));
        if (!isProven || !_isKnown || !first.IsForItself)
        {
            return SaslStep.Decide(_whenWrong, first.User);
        }

        // RFC 4954 section 4: what a success has to say is a challenge, and the client answers it with an empty line.
        _stage = Stage.Acknowledgement;
        return SaslStep.Ask(Encoding.ASCII.GetBytes("v=" + Convert.ToBase64String(HMACSHA256.HashData(credentials.ServerKey.Span, exchange))));
    }
}
