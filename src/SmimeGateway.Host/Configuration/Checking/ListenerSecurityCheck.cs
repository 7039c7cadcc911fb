using System.Globalization;
using SmimeGateway.Accepting;
using SmimeGateway.Accepting.Securing;
using SmimeGateway.Accepting.Users;
using SmimeGateway.Certificates;
using SmimeGateway.Certificates.Files;
using SmimeGateway.Certificates.Trusting;

namespace SmimeGateway.Host.Configuration.Checking;

/// <summary>What listeners present to their clients, and whom they know, can be read and used.</summary>
internal static class ListenerSecurityCheck
{
    /// <summary>Findings about certificates, roots of client certificates, and users.</summary>
    public static async Task<IReadOnlyList<CheckFinding>> CheckAsync(GatewayOptions options, TimeProvider time)
    {
        var findings = new List<CheckFinding>();
        foreach (var listener in options.Listeners)
        {
            if (listener.Tls.Mode != ListenerTlsMode.Off)
            {
                findings.AddRange(await CheckCertificateAsync(listener, options, time));
                findings.AddRange(AuthorityFiles.Load(listener.Tls.ClientCertificates.Roots).Problems.Select(problem => CheckFinding.Error(
                    $"listener \"{listener.Name}\": {problem.Location}", $"{problem.Reason}. {problem.Remedy}.")));
            }

            if (listener.Authentication.Mode != ListenerAuthenticationMode.Off)
            {
                findings.Add(CheckUsers(listener));
            }
        }

        return findings;
    }

    private static async Task<IReadOnlyList<CheckFinding>> CheckCertificateAsync(ListenerOptions listener, GatewayOptions options, TimeProvider time)
    {
        var subject = $"listener \"{listener.Name}\": {listener.Tls.Certificate}";
        await using var source = ListenerTls.Open(listener, time);
        var now = time.GetUtcNow();
        var chosen = ListenerTls.Choose(source.All, now);
        var consequence = chosen is null ? " Until then handshakes fail." : "";
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
                : CheckFinding.Warning(subject, "Nobody can log in: there are no users. \"smimegateway user add NAME\" adds one.");
        }
        catch (Exception exception) when (exception is FormatException or IOException or UnauthorizedAccessException)
        {
            return CheckFinding.Error(subject, $"The users cannot be read: {FileHindrance.Of(exception)}. Correct the file, or add the users again.");
        }
    }
}
