using System.Net;
using Microsoft.Extensions.Logging;
using SmimeGateway.Smtp.Client;

namespace SmimeGateway.Relaying.Authenticating;

/// <summary>What a route logs in with.</summary>
internal sealed class RouteCredentials : IDisposable
{
    private readonly RouteAuthenticationOptions _options;
    private readonly TokenEndpoint? _endpoint;
    private readonly TokenSource? _tokens;

    public RouteCredentials(RouteAuthenticationOptions options, IWebProxy? proxy, TimeProvider time, ILogger log)
    {
        _options = options;
        if (options.Token is { } token)
        {
            _endpoint = new TokenEndpoint(new Uri(token.Endpoint), proxy, time);
            _tokens = new TokenSource(
                cancellation => _endpoint.FetchAsync(TokenRequest.Write(token, options.User ?? string.Empty, time), cancellation), token.Endpoint, time, log);
        }
    }

    /// <summary>What the SMTP client is told.</summary>
    public ClientCredentials MakeClientCredentials()
    {
        var mechanism = _options.Mechanism switch
        {
            RouteMechanism.Plain => ClientMechanism.Plain,
            RouteMechanism.Login => ClientMechanism.Login,
            RouteMechanism.ScramSha256 => ClientMechanism.ScramSha256,
            RouteMechanism.XOAuth2 => ClientMechanism.XOAuth2,
            RouteMechanism.Ntlm => ClientMechanism.Ntlm,
            RouteMechanism.Gssapi => ClientMechanism.Gssapi,
            RouteMechanism.Auto => ClientMechanism.Auto,
        };
        return new ClientCredentials(
            mechanism, _options.User ?? string.Empty, _options.Password is { } password ? () => RouteSecret.Read(password) : null, _tokens is null ? null : _tokens.GetAsync);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _tokens?.Dispose();
        _endpoint?.Dispose();
    }
}
