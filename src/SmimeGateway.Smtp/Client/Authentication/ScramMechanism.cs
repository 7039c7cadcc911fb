using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using SmimeGateway.Smtp.Sasl;

namespace SmimeGateway.Smtp.Client.Authentication;

/// <summary>
/// SCRAM-SHA-256 without channel binding (RFC 5802, RFC 7677): the password never travels, and the server proves that it knows its keys.
/// </summary>
internal sealed class ScramMechanism : ISaslMechanism
{
    // No channel binding, and no identity other than the user's (RFC 5802 section 7).
    private const string Gs2Header = "n,,";
    private const int MaxSaltBytes = 1024;

    private readonly string _password;
    private readonly string _nonce;
    private readonly string _clientFirst;
    private byte[]? _serverSignature;
    private bool _isProven;

    public ScramMechanism(string user, string password)
        : this(user, password, Convert.ToBase64String(RandomNumberGenerator.GetBytes(18)))
    {
    }

    internal ScramMechanism(string user, string password, string nonce)
    {
        _password = password;
        _nonce = nonce;
        var name = user.Replace("=", "=3D", StringComparison.Ordinal).Replace(",", "=2C", StringComparison.Ordinal);
        _clientFirst = $"n={name},r={nonce}";
    }

    public string Name => SaslNames.ScramSha256;

    public bool IsSatisfied => _isProven;

    public byte[] Begin() => Encoding.UTF8.GetBytes(Gs2Header + _clientFirst);

    public byte[] Answer(string challenge)
    {
        var message = Encoding.UTF8.GetString(SaslChallenge.Decode(challenge));
        if (_serverSignature is null)
        {
            return Encoding.UTF8.GetBytes(AnswerServerFirst(message));
        }

        if (_isProven)
        {
            throw new SaslException("the server goes on after its proof");
        }

        CheckServerFinal(message);
        return [];
    }

    private string AnswerServerFirst(string serverFirst)
    {
        // RFC 5802 section 5.1: the order is fixed, and extensions that must be understood come first ("m="), where there is none.
        var parts = serverFirst.Split(',');
        if (parts.Length < 3 || !parts[0].StartsWith("r=", StringComparison.Ordinal) || !parts[1].StartsWith("s=", StringComparison.Ordinal)
            || !parts[2].StartsWith("i=", StringComparison.Ordinal))
        {
            throw new SaslException("the server's first message is not SCRAM");
        }

        var nonce = parts[0][2..];
        if (nonce.Length <= _nonce.Length || !nonce.StartsWith(_nonce, StringComparison.Ordinal))
        {
            throw new SaslException("the server's nonce does not begin with the client's");
        }

        var salt = SaslChallenge.Decode(parts[1][2..]);
        if (salt.Length is 0 or > MaxSaltBytes)
        {
            throw new SaslException("the server's salt is empty or too long");
        }

        // Too few rounds give the password away to whoever listens, too many keep the gateway busy.
        if (!int.TryParse(parts[2].AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture, out var iterations)
            || iterations is < ScramCredentials.MinIterations or > ScramCredentials.MaxIterations)
        {
            throw new SaslException(
                $"the server asks for an iteration count outside of {ScramCredentials.MinIterations} to {ScramCredentials.MaxIterations}");
        }

        var withoutProof = $"c={Convert.ToBase64String(Encoding.ASCII.GetBytes(Gs2Header))},r={nonce}";
        var authMessage = Encoding.UTF8.GetBytes($"{_clientFirst},{serverFirst},{withoutProof}");
        var salted = ScramKeys.SaltedPassword(_password, salt, iterations);
        var clientKey = ScramKeys.ClientKey(salted);
        var proof = HMACSHA256.HashData(ScramKeys.StoredKey(clientKey), authMessage);
        for (var i = 0; i < proof.Length; i++)
        {
            proof[i] ^= clientKey[i];
        }

        _serverSignature = HMACSHA256.HashData(ScramKeys.ServerKey(salted), authMessage);
        return $"{withoutProof},p={Convert.ToBase64String(proof)}";
    }

    private void CheckServerFinal(string serverFinal)
    {
        var first = serverFinal.Split(',')[0];
        if (first.StartsWith("e=", StringComparison.Ordinal))
        {
            throw new SaslException($"the server says {PrintableText.From(Encoding.UTF8.GetBytes(first[2..]), 100)}");
        }

        if (!first.StartsWith("v=", StringComparison.Ordinal)
            || !CryptographicOperations.FixedTimeEquals(SaslChallenge.Decode(first[2..]), _serverSignature))
        {
            throw new SaslException("the server does not prove that it knows the password");
        }

        _isProven = true;
    }
}
