using System.Globalization;
using SmimeGateway.Certificates.Finding;
using SmimeGateway.Certificates.Trusting;
using SmimeGateway.Relaying.Authenticating;
using SmimeGateway.Relaying.Securing;
using SmimeGateway.Settings;
using SmimeGateway.Smtp.Client;

namespace SmimeGateway.Relaying;

/// <summary>Something a route names, and whether it can be used.</summary>
/// <param name="Key">The key of the route.</param>
/// <param name="IsUsable">True when it can.</param>
/// <param name="Finding">What was found, as a sentence without secrets; for trouble, with the remedy.</param>
public sealed record RouteInspection(string Key, bool IsUsable, string Finding)
{
    /// <summary>The key of the certificate by which next hops know the gateway.</summary>
    public const string Certificate = "certificate";

    /// <summary>Looks at the roots, the certificate and the secrets of a route. Nothing is connected, and nothing is changed.</summary>
    internal static IReadOnlyList<RouteInspection> Of(RouteOptions route, ClientIdentity? identity, TimeProvider time)
    {
        List<RouteInspection> found = [];
        if (route.Trust is { Roots.Count: > 0 } trust)
        {
            var store = TrustStore.Load(trust.Roots, [], systemRoots: false, []);
            found.AddRange(store.Problems.Select(problem => new RouteInspection("trust.roots", false, $"{problem.Location}: {problem.Reason}. {problem.Remedy}.")));
            if (store.Problems.Count == 0)
            {
                found.Add(new RouteInspection("trust.roots", true, string.Create(CultureInfo.InvariantCulture, $"{store.Roots.Count} root(s).")));
            }
        }

        if (identity is not null)
        {
            found.Add(
                identity.Problems.Count > 0 ? new RouteInspection(
                    Certificate,
                    false,
                    $"{identity.Problems[0].Location}: {identity.Problems[0].Reason}. {identity.Problems[0].Remedy}.{(identity.Certificate is { } other ? $" Until then {other.Traits.Subject} stays in use." : "")}")
                : identity.FindFault() is { } fault ? new RouteInspection(Certificate, false, $"{fault} Replace it.")
                : new RouteInspection(Certificate, true, $"{identity.Certificate!.Traits.Subject}, valid until {identity.Certificate.Traits.NotAfter:yyyy-MM-dd}."));
        }

        InspectSecret("proxyPassword", route.ProxyPassword, found);
        if (route.Authentication is { } authentication)
        {
            InspectSecret("authentication.password", authentication.Password, found);
            InspectSecret("authentication.token.clientSecret", authentication.Token?.ClientSecret, found);
            InspectSecret("authentication.token.refreshToken", authentication.Token?.RefreshToken, found);
            InspectServiceAccount(authentication, time, found);
        }

        return found;
    }

    private static void InspectSecret(string key, SecretOptions? secret, List<RouteInspection> found)
    {
        if (RouteSecret.ReaderOf(secret) is { } reader)
        {
            found.Add(InspectSecret(key, reader));
        }
    }

    private static RouteInspection InspectSecret(string key, SecretReader reader) =>
        !reader.TryRead(out var text, out var reason) ? new RouteInspection(key, false, $"{char.ToUpperInvariant(reason[0])}{reason[1..]}. {reader.Remedy}.")
        : text.Length == 0 ? new RouteInspection(key, false, $"{reader} is empty. {reader.Remedy}.")
        : new RouteInspection(key, true, $"Can be read from {reader}.");

    private static void InspectServiceAccount(RouteAuthenticationOptions authentication, TimeProvider time, List<RouteInspection> found)
    {
        const string Key = "authentication.token.serviceAccount";
        if (authentication.Token is not { ServiceAccount: not null } token)
        {
            return;
        }

        try
        {
            TokenRequest.Write(token, authentication.User ?? string.Empty, time);
            found.Add(new RouteInspection(Key, true, "Its key can be used."));
        }
        catch (CredentialsUnavailableException exception)
        {
            found.Add(new RouteInspection(Key, false, exception.Message));
        }
    }
}
