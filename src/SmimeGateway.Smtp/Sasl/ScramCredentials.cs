using System.Security.Cryptography;

namespace SmimeGateway.Smtp.Sasl;

/// <summary>
/// What a server keeps of a password: enough to check it and to speak SCRAM-SHA-256 (RFC 5802, RFC 7677), not enough to log in with
/// elsewhere. Never shown in logs.
/// </summary>
public sealed record ScramCredentials
{
    /// <summary>
    /// PBKDF2 rounds for new passwords; RFC 7677 section 4 asks for at least 4096. Clients with Cyrus SASL, Postfix among them, refuse to
    /// compute more than this.
    /// </summary>
    public const int DefaultIterations = 65_536;

    /// <summary>The least and the most rounds accepted from a file or from a peer: too few are weak, too many stop the gateway.</summary>
    public const int MinIterations = 4096;

    /// <inheritdoc cref="MinIterations"/>
    public const int MaxIterations = 1_000_000;

    /// <summary>Keeps what was derived before.</summary>
    public ScramCredentials(int iterations, ReadOnlyMemory<byte> salt, ReadOnlyMemory<byte> storedKey, ReadOnlyMemory<byte> serverKey)
    {
        Iterations = iterations;
        Salt = salt;
        StoredKey = storedKey;
        ServerKey = serverKey;
    }

    /// <summary>PBKDF2 rounds.</summary>
    public int Iterations { get; }

    /// <summary>The salt.</summary>
    public ReadOnlyMemory<byte> Salt { get; }

    /// <summary>The hash of the client's key.</summary>
    public ReadOnlyMemory<byte> StoredKey { get; }

    /// <summary>The key by which the server proves itself.</summary>
    public ReadOnlyMemory<byte> ServerKey { get; }

    /// <summary>Derives the credentials of a password with a new salt.</summary>
    public static ScramCredentials Create(string password, int iterations = DefaultIterations)
    {
        var salt = RandomNumberGenerator.GetBytes(16);
        var salted = ScramKeys.SaltedPassword(password, salt, iterations);
        return new ScramCredentials(iterations, salt, ScramKeys.StoredKey(ScramKeys.ClientKey(salted)), ScramKeys.ServerKey(salted));
    }

    /// <summary>True when this is the password. Takes as long as its iterations ask; the comparison itself takes the same time either way.</summary>
    public bool Accepts(string password) => CryptographicOperations.FixedTimeEquals(
        StoredKey.Span, ScramKeys.StoredKey(ScramKeys.ClientKey(ScramKeys.SaltedPassword(password, Salt.Span, Iterations))));

    /// <summary>Shows nothing of the keys.</summary>
    public override string ToString() => $"SCRAM-SHA-256, {Iterations} iterations";
}
