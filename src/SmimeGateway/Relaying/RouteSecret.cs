using System.Diagnostics.CodeAnalysis;
using SmimeGateway.Certificates.Finding;
using SmimeGateway.Settings;
using SmimeGateway.Smtp.Client;

namespace SmimeGateway.Relaying;

/// <summary>Reads the secrets of routes, each time anew: a password that was changed in its file is used for the next connection.</summary>
internal static class RouteSecret
{
    /// <summary>The reader of a secret, or null when none is configured.</summary>
    [return: NotNullIfNotNull(nameof(secret))]
    public static SecretReader? ReaderOf(SecretOptions? secret) => secret is null ? null : new SecretReader(secret.File, secret.Env);

    /// <summary>The secret.</summary>
    /// <exception cref="CredentialsUnavailableException">It cannot be read; the message names the place.</exception>
    /// <param name="secret">Where it is kept.</param>
    /// <param name="hasLines">True where it is a text of several lines.</param>
    public static string Read(SecretOptions secret, bool hasLines = false) => new SecretReader(secret.File, secret.Env) { HasLines = hasLines }.TryRead(out var text, out var reason)
        ? text
        : throw new CredentialsUnavailableException($"Logging in is not possible: {reason}.");
}
