using SmimeGateway.Smtp.Sasl;

namespace SmimeGateway.Smtp;

/// <summary>Who may log in, as far as a server session must know.</summary>
public sealed record SmtpAuthentication
{
    /// <summary>
    /// Finds a user by the name given, in any mixture of cases, or null. A session behaves the same for an unknown user as for a wrong
    /// password.
    /// </summary>
    /// <exception cref="UsersUnavailableException">Nobody knows at the moment: the client hears 454 and may try again.</exception>
    public required Func<string, ScramCredentials?> FindUser { get; init; }

    /// <summary>
    /// Asked before every attempt. May take its time, which slows down a client that guesses; a reply refuses the attempt (454 4.7.0),
    /// null lets it go on.
    /// </summary>
    public Func<SmtpSessionIdentity, CancellationToken, ValueTask<SmtpReply?>> Admit { get; init; } =
        static (_, _) => ValueTask.FromResult<SmtpReply?>(null);

    /// <summary>Told how each attempt ended: the client, the name it gave, the mechanism, and whether it is in.</summary>
    public Action<SmtpSessionIdentity, string, string, bool> Attempted { get; init; } = static (_, _, _, _) => { };

    /// <summary>Told of each attempt that was admitted and ended without that: cancelled, malformed, cut off, or not decided.</summary>
    public Action<SmtpSessionIdentity> Abandoned { get; init; } = static _ => { };
}

/// <summary>Nobody can say at the moment whether there is such a user.</summary>
/// <param name="reason">Why.</param>
public sealed class UsersUnavailableException(string reason) : Exception(reason);
