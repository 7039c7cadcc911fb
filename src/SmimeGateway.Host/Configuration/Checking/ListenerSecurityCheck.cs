using System.Globalization;
using SmimeGateway.Accepting;
using SmimeGateway.Accepting.Securing;
using SmimeGateway.Accepting.Users;
using SmimeGateway.Certificates;
using SmimeGateway.Certificates.Files;
using SmimeGateway.Certificates.Finding;
using SmimeGateway.Certificates.Trusting;

namespace SmimeGateway.Host.Configuration.Checking;

/// <summary>What listeners present to their clients, and whom they know, can be read and used.</summary>
internal static class ListenerSecurityCheck
{
    /// <summary>Findings about the certificates that listeners present.</summary>
    public static IEnumerable<CheckFinding> CheckCertificates(RunningConfiguration configuration, DateTimeOffset now) =>
        from listener in configuration.Options.Listeners
        let tls = configuration.Listeners.Find(listener.Name)?.Tls
        where tls is not null
        from finding in CheckCertificate(listener, tls.Source, configuration.Options, now)
        select finding;

    /// <summary>Findings about those by whom listeners know their clients: users, and roots of client certificates.</summary>
    public static IEnumerable<CheckFinding> CheckClients(GatewayOptions options) =>
    [
        .. from listener in options.Listeners
           where listener.Tls.Mode != ListenerTlsMode.Off
           from problem in AuthorityFiles.Load(listener.Tls.ClientCertificates.Roots).Problems
           select CheckFinding.Error($"listener \"{listener.Name}\": {problem.Location}", $"{problem.Reason}. {problem.Remedy}."),
        .. options.Listeners.Where(listener => listener.Authentication.Mode != ListenerAuthenticationMode.Off).Select(CheckUsers),
    ];

    private static List<CheckFinding> CheckCertificate(
        ListenerOptions listener, IOwnCertificateSource source, GatewayOptions options, DateTimeOffset now)
    {
        var subject = $"listener \"{listener.Name}\": {listener.Tls.Certificate}";
        var chosen = ListenerTls.Choose(source.All, now);
        var consequence = $" Until then {(chosen is null ? "handshakes fail" : $"{chosen.Traits.Subject} is presented")}.";
        var findings = source.Problems.Select(problem => CheckFinding.Error(
            $"listener \"{listener.Name}\": {problem.Location}", $"{problem.Reason}. {problem.Remedy}.{consequence}")).ToList();
        if (chosen is null)
        {
            // What was told with its remedy needs no other: the certificate is there, or was meant to be.
            if (findings.Count == 0)
            {
                var fault = source.All.Select(candidate => candidate.JoinedKeyFault).OfType<string>().FirstOrDefault("it holds no certificate with its private key");
                findings.Add(CheckFinding.Error(subject, $"{fault}. Export the file again, with the certificate and its key.{consequence}"));
            }

            return findings;
        }

        var traits = chosen.Traits;
        var days = traits.DaysLeft(now);
        var presents = string.Create(
            CultureInfo.InvariantCulture,
            $"Presents {traits.Subject} for {string.Join(", ", TlsTraits.Read(chosen.Certificate).Names)}, issued by {traits.Issuer}, {traits.KeyAlgorithm}, until {traits.NotAfter:yyyy-MM-dd} ({days} days left).");
        var warnings = ServerCertificateWarnings.Find(chosen.Certificate, options.HostName, now).ToList();
        findings.Add(warnings.Count == 0 && traits.NotAfter - now > options.Certificates.WarnBefore ? CheckFinding.Good(subject, presents)
            : CheckFinding.Warning(subject, string.Join(' ', warnings.Prepend(presents).Concat(warnings.Count == 0 ? ["Replace it in time."] : []))));
        return findings;
    }

    private static CheckFinding CheckUsers(ListenerOptions listener)
    {
        var file = listener.Authentication.Users;
        var subject = $"listener \"{listener.Name}\": {file}";
        try
        {
            var users = UserFile.Read(file).Count;
            return users > 0
                ? CheckFinding.Good(subject, $"{users.ToString(CultureInfo.InvariantCulture)} user(s) may log in.")
                : new CheckFinding(
                    listener.Authentication.Mode == ListenerAuthenticationMode.Required ? CheckSeverity.Error : CheckSeverity.Warning,
                    subject,
                    "Nobody can log in: there are no users. \"smimegateway user add NAME\" adds one.");
        }
        catch (Exception exception) when (exception is FormatException or IOException or UnauthorizedAccessException)
        {
            return CheckFinding.Error(subject, $"The users cannot be read: {FileHindrance.Of(exception)}. {FileHindrance.RemedyOf(exception, "Correct the file, or add the users again")}.");
        }
    }
}
