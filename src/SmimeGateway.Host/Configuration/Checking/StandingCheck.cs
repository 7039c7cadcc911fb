namespace SmimeGateway.Host.Configuration.Checking;

/// <summary>
/// What becomes wrong although nobody changes the configuration: folders, keys, certificates, users and secrets. The one list of it for <c>check</c>,
/// <c>health</c>, <c>status</c> and the log.
/// </summary>
internal static class StandingCheck
{
    /// <summary>What the sources of certificates and keys know by their own looks; no file keeps whoever asks.</summary>
    public static IEnumerable<CheckFinding> FindKnown(RunningConfiguration configuration, DateTimeOffset now) =>
        [.. ListenerSecurityCheck.CheckCertificates(configuration, now), .. CertificatesCheck.Check(configuration, now), .. DkimKeysCheck.Check(configuration.SigningDomains)];

    /// <summary>What a look at all other files and folders finds. Nothing is connected, and nothing is changed.</summary>
    /// <param name="path">The file of the configuration.</param>
    /// <param name="configuration">What it says, opened.</param>
    /// <param name="now">When it is.</param>
    public static IEnumerable<CheckFinding> Look(string path, RunningConfiguration configuration, DateTimeOffset now) =>
    [
        .. FoldersCheck.Check(configuration.Options),
        .. RightsCheck.Check(path, configuration.Options),
        .. HandlesCheck.Check(configuration.Options),
        .. ListenerSecurityCheck.CheckClients(configuration.Options),
        .. HoldKeyCheck.Check(configuration.Options),
        .. RouteFilesCheck.Check(configuration, now),
    ];
}
