using System.Text.Json;
using Microsoft.Extensions.Logging;
using SmimeGateway.Accepting.Securing;
using SmimeGateway.Accepting.Users;
using SmimeGateway.Certificates;

namespace SmimeGateway.Accepting;

/// <summary>
/// The configured listeners with their certificates and users opened. A reload hands over those whose files are the same, so that a
/// certificate that a broken file replaced stays in use.
/// </summary>
public sealed class Listeners : IAsyncDisposable
{
    private readonly Dictionary<string, Opened> _listeners;

    private Listeners(Dictionary<string, Opened> listeners) => _listeners = listeners;

    /// <summary>No listeners, for work that takes in no mail.</summary>
    public static Listeners None { get; } = new([]);

    /// <summary>Opens what the listeners read.</summary>
    /// <param name="hostName">The name the gateway gives itself.</param>
    /// <param name="options">The configured listeners.</param>
    /// <param name="previous">The listeners until now, or null at the start.</param>
    /// <param name="time">The clock.</param>
    /// <param name="loggers">For what happens to the files.</param>
    public static Listeners Open(
        string hostName, IReadOnlyList<ListenerOptions> options, Listeners? previous, TimeProvider time, ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(options);
        var opened = new Dictionary<string, Opened>(StringComparer.OrdinalIgnoreCase);
        foreach (var listener in options)
        {
            opened.Add(listener.Name, Open(hostName, listener, previous?._listeners.GetValueOrDefault(listener.Name), time, loggers));
        }

        return new Listeners(opened);
    }

    /// <summary>The certificates that are shown to clients as of now, with the names of their listeners.</summary>
    public IEnumerable<(string Listener, OwnCertificate Certificate)> Certificates =>
        from opened in _listeners.Values
        let shown = opened.Listener.Tls?.Certificate
        where shown is not null
        select (opened.Listener.Options.Name, shown);

    /// <summary>What is wrong with the files of users as of now.</summary>
    public IEnumerable<string> UserProblems => _listeners.Values.Select(opened => opened.Listener.Users?.FindProblem()).OfType<string>().Distinct();

    /// <summary>The listener of this name, or null when the configuration has none.</summary>
    public Listener? Find(string name) => _listeners.TryGetValue(name, out var opened) ? opened.Listener : null;

    /// <summary>Closes what did not go over to the next set.</summary>
    public async ValueTask RetireAsync(Listeners next)
    {
        ArgumentNullException.ThrowIfNull(next);
        foreach (var (name, opened) in _listeners)
        {
            // A listener that was removed keeps its endpoint until the restart, and its certificate with it.
            if (opened.Listener.Tls is { } tls && next.Find(name) is { } successor && !ReferenceEquals(successor.Tls, tls))
            {
                await tls.DisposeAsync();
            }
        }
    }

    /// <summary>Closes a set that never came into force, but for what belongs to the one that is.</summary>
    public async ValueTask AbandonAsync(Listeners? inForce)
    {
        foreach (var (name, opened) in _listeners)
        {
            if (opened.Listener.Tls is { } tls && !ReferenceEquals(inForce?.Find(name)?.Tls, tls))
            {
                await tls.DisposeAsync();
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var opened in _listeners.Values)
        {
            if (opened.Listener.Tls is { } tls)
            {
                await tls.DisposeAsync();
            }
        }
    }

    private static Opened Open(string hostName, ListenerOptions options, Opened? known, TimeProvider time, ILoggerFactory loggers)
    {
        // Records compare their lists by reference; as text, equal options are equal.
        var tlsText = JsonSerializer.Serialize(options.Tls);
        var tls = options.Tls.Mode == ListenerTlsMode.Off ? null
            : known?.TlsText == tlsText ? known.Listener.Tls
            : new ListenerTls(options, time, loggers.CreateLogger<ListenerTls>());
        var users = options.Authentication.Mode == ListenerAuthenticationMode.Off ? null
            : known?.Listener.Users is { } list && known.Listener.Options.Authentication.Users == options.Authentication.Users ? list
            : new UserList(options.Authentication.Users, time, loggers.CreateLogger<UserList>());
        return new Opened(new Listener(hostName, options) { Tls = tls, Users = users }, tlsText);
    }

    private sealed record Opened(Listener Listener, string TlsText);
}
