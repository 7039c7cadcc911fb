using SmimeGateway.Host.Configuration.Checking;

namespace SmimeGateway.Host.Configuration;

/// <summary>Everything that can be known about a configuration without running it. Changes nothing.</summary>
internal static class ConfigurationCheck
{
    /// <summary>Loads the file and looks at all it names: folders, addresses, keys, certificates, next hops.</summary>
    /// <param name="path">The configuration file.</param>
    /// <param name="time">The clock against which certificates are judged.</param>
    /// <param name="cancellationToken">Ends the look-up of hosts.</param>
    public static async Task<IReadOnlyList<CheckFinding>> RunAsync(string path, TimeProvider time, CancellationToken cancellationToken)
    {
        var loaded = ConfigurationLoader.Load(path);
        var findings = new List<CheckFinding>();
        findings.AddRange(loaded.Errors.Select(error => CheckFinding.Hindrance(PlaceOf(error), $"{error.Problem}. {error.Remedy}")));
        findings.AddRange(loaded.Warnings.Select(warning => CheckFinding.Warning(PlaceOf(warning), $"{warning.Problem}. {warning.Remedy}")));
        if (loaded.Options is not { } options)
        {
            return findings;
        }

        findings.Add(CheckFinding.Good(
            path,
            $"{options.Listeners.Count} listener(s), {options.Senders.Count} sender entries, {options.Certificates.Own.Count} source(s) of own certificates, "
            + $"{options.Certificates.Partners.Count} of partners', {options.Rules.Count} rule(s), {options.Routes.Count} route(s)."));
        findings.AddRange(HostNameCheck.Check(options));
        findings.AddRange(FoldersCheck.Check(options));
        findings.AddRange(EndpointsCheck.Check(options));
        findings.AddRange(HandlesCheck.Check(options));
        findings.AddRange(await ListenerSecurityCheck.CheckAsync(options, time));
        findings.AddRange(await CertificatesCheck.CheckAsync(options, time, cancellationToken));
        findings.AddRange(HoldKeyCheck.Check(options));
        findings.AddRange(await RouteFilesCheck.CheckAsync(options, time));
        findings.AddRange(await NextHopsCheck.CheckAsync(options, cancellationToken));
        return findings;
    }

    /// <summary>What a start neither fails of nor tells, although some mail will: keys, files and hosts that are used only once there is mail for them.</summary>
    /// <param name="options">The configuration.</param>
    /// <param name="time">The clock against which certificates are judged.</param>
    /// <param name="cancellationToken">Ends the look-up of hosts.</param>
    public static async Task<IReadOnlyList<CheckFinding>> FindUntoldAsync(GatewayOptions options, TimeProvider time, CancellationToken cancellationToken) =>
    [
        .. new[] { HoldKeyCheck.Check(options), await RouteFilesCheck.CheckAsync(options, time), await NextHopsCheck.CheckAsync(options, cancellationToken) }
            .SelectMany(findings => findings)
            .Where(finding => finding.Severity != CheckSeverity.Good),
    ];

    private static string PlaceOf(ConfigurationError error) => error.Line == 0 ? error.File
        : error.Value.Length == 0 ? $"{error.File}:{error.Line}:{error.Column}: {error.Path}"
        : $"{error.File}:{error.Line}:{error.Column}: {error.Path} = {error.Value}";
}
