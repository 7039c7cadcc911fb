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
        findings.AddRange(EndpointsCheck.Check(options));
        findings.AddRange(await CheckOpenedAsync(path, options, time, cancellationToken));
        findings.AddRange(await NextHopsCheck.CheckAsync(options, cancellationToken));
        return findings;
    }

    /// <summary>What the standing check has not: the words of a host name, and hosts that are looked up, too dear for every look.</summary>
    /// <param name="options">The configuration.</param>
    /// <param name="cancellationToken">Ends the look-up of hosts.</param>
    public static async Task<IReadOnlyList<CheckFinding>> FindUntoldAsync(GatewayOptions options, CancellationToken cancellationToken) =>
        [.. HostNameCheck.Check(options).Concat(await NextHopsCheck.CheckAsync(options, cancellationToken)).Where(finding => finding.Severity != CheckSeverity.Good)];

    private static async Task<IReadOnlyList<CheckFinding>> CheckOpenedAsync(string path, GatewayOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        await using var opened = OpenedConfiguration.Open(options, time);
        return
        [
            .. opened.Fresh.Select(own => CheckFinding.Good($"certificates.own \"{own.Name}\"", $"The authority's root will be made in {own.Authority} on first use.")),
            .. StandingCheck.Look(path, opened.Configuration, time.GetUtcNow()),
            .. StandingCheck.FindKnown(opened.Configuration, time.GetUtcNow()),
            .. CertificatesCheck.CheckUse(opened.Configuration, time),
            .. await PartnersCheck.CheckAsync(opened.Configuration, time, cancellationToken),
        ];
    }

    private static string PlaceOf(ConfigurationError error) => error.Line == 0 ? error.File
        : error.Value.Length == 0 ? $"{error.File}:{error.Line}:{error.Column}: {error.Path}"
        : $"{error.File}:{error.Line}:{error.Column}: {error.Path} = {error.Value}";
}
