using System.Security.Cryptography;
using System.Text;

namespace SmimeGateway.Smtp.Sasl;

/// <summary>
/// Finds what is kept of a user's password, and makes something up for every other name, so that a client cannot learn which names
/// there are: a name that is unknown has the same salt each time it is asked for, and its passwords take as long to be wrong.
/// </summary>
/// <param name="find">Finds a user.</param>
/// <param name="admit">Asked before the password of a user is checked; false when that must not be now.</param>
/// <param name="key">What is made up for a name is the same as long as this is.</param>
internal sealed class UserLookup(Func<string, FoundUser> find, Func<string, ValueTask<bool>> admit, ReadOnlyMemory<byte> key)
{
    private const int SaltLength = 16;

    /// <summary>False when the password of this user must not be checked now.</summary>
    public ValueTask<bool> AdmitAsync(string name) => admit(name);

    /// <summary>The credentials to check against, whether they are somebody's at all, and what a wrong password means.</summary>
    public (ScramCredentials Credentials, bool IsKnown, SaslOutcome WhenWrong) Find(string name)
    {
        // Made up for known names too, so that they take as long.
        var invented = new ScramCredentials(
            ScramCredentials.DefaultIterations, Derive("salt", name).AsMemory(0, SaltLength), Derive("stored key", name), Derive("server key", name));
        var found = find(name);
        return (found.Credentials ?? invented, found.Credentials is not null, found.IsUncertain ? SaslOutcome.Uncertain : SaslOutcome.Refused);
    }

    /// <summary>True for what may be a name: SASLprep has no controls in one (RFC 4013 section 2.3), and no log wants them.</summary>
    public static bool IsName(string name) => name.Length is > 0 and <= 255 && !name.Any(char.IsControl);

    // Names ignore case. If made-up ones did not, a salt that stays the same in another case would give away a known one.
    private byte[] Derive(string purpose, string name) =>
        HMACSHA256.HashData(key.Span, Encoding.UTF8.GetBytes($"{purpose}\0{name.ToUpperInvariant()}"));
}
