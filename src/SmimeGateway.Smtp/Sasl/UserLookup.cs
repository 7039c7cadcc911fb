using System.Security.Cryptography;
using System.Text;

namespace SmimeGateway.Smtp.Sasl;

/// <summary>
/// Finds what is kept of a user's password, and makes something up for every other name, so that a client cannot learn which names
/// there are: a name that is unknown has the same salt each time it is asked for, and its passwords take as long to be wrong.
/// </summary>
internal sealed class UserLookup(Func<string, ScramCredentials?> find)
{
    private const int SaltLength = 16;

    private static readonly byte[] Secret = RandomNumberGenerator.GetBytes(ScramKeys.Length);

    /// <summary>The credentials to check against, and whether they are somebody's at all.</summary>
    public (ScramCredentials Credentials, bool IsKnown) Find(string name)
    {
        // Made up for known names too, so that they take as long.
        var invented = new ScramCredentials(
            ScramCredentials.DefaultIterations, Derive("salt", name).AsMemory(0, SaltLength), Derive("stored key", name), Derive("server key", name));
        return find(name) is { } known ? (known, true) : (invented, false);
    }

    /// <summary>True for what may be a name: SASLprep has no controls in one (RFC 4013 section 2.3), and no log wants them.</summary>
    public static bool IsName(string name) => name.Length is > 0 and <= 255 && !name.Any(char.IsControl);

    // Names ignore case. If made-up ones did not, a salt that stays the same in another case would give away a known one.
    private static byte[] Derive(string purpose, string name) =>
        HMACSHA256.HashData(Secret, Encoding.UTF8.GetBytes($"{purpose}\0{name.ToUpperInvariant()}"));
}
