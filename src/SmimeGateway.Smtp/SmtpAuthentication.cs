using System.Security.Cryptography;
using SmimeGateway.Smtp.Sasl;

namespace SmimeGateway.Smtp;

/// <summary>Who may log in, as far as a server session must know.</summary>
public sealed record SmtpAuthentication
{
    private static readonly byte[] OfProcess = RandomNumberGenerator.GetBytes(32);

    /// <summary>
    /// Finds a user by the name given, in any mixture of cases. A session behaves the same for an unknown user as for a wrong password.
    /// </summary>
    /// <exception cref="UsersUnavailableException">Nobody is known at the moment: the client hears 454 and may try again.</exception>
    public required Func<string, FoundUser> FindUser { get; init; }

    /// <summary>Makes up what is said of names that nobody has: the same for a name as long as it is the same. Another one in each process if not given.</summary>
    public ReadOnlyMemory<byte> InventionKey { get; init; } = OfProcess;

    /// <summary>
    /// Asked before a password is checked: the client and the name it gave. May take its time, which slows down a client that guesses; a reply
    /// refuses the attempt (454 4.7.0), null lets it go on, and then one of <see cref="Attempted"/> and <see cref="Abandoned"/> follows, whatever
    /// becomes of the session.
    /// </summary>
    public Func<SmtpSessionIdentity, string, ValueTask<SmtpReply?>> Admit { get; init; } = static (_, _) => ValueTask.FromResult<SmtpReply?>(null);

    /// <summary>Told how each attempt ended: the client, the name it gave, the mechanism, and whether it is in.</summary>
    public Action<SmtpSessionIdentity, string, string, bool> Attempted { get; init; } = static (_, _, _, _) => { };

    /// <summary>Told of each attempt that was admitted and ended without that: cut off, or not decided.</summary>
    public Action<SmtpSessionIdentity, string> Abandoned { get; init; } = static (_, _) => { };
}

/// <summary>What is known of a name.</summary>
/// <param name="Credentials">What is kept of the password, or null where no such user is known.</param>
/// <param name="IsUncertain">
/// True when users may have come, gone or changed unseen: what was known lets in, but nothing shows that anybody is to stay out. Then an unknown name
/// and a wrong password hear 454.
/// </param>
public readonly record struct FoundUser(ScramCredentials? Credentials, bool IsUncertain = false);

/// <summary>Nobody can say at the moment whether there is such a user.</summary>
/// <param name="reason">Why.</param>
public sealed class UsersUnavailableException(string reason) : Exception(reason);
