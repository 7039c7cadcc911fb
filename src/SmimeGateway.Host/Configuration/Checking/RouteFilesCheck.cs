using SmimeGateway.Relaying;

namespace SmimeGateway.Host.Configuration.Checking;

/// <summary>The files and secrets that routes name can be read and used.</summary>
internal static class RouteFilesCheck
{
    /// <summary>One finding for each of them.</summary>
    public static IEnumerable<CheckFinding> Check(RunningConfiguration configuration, DateTimeOffset now) =>
        configuration.Routes.Deliveries.SelectMany((delivery, i) => delivery.Inspect().Select(inspection => Judge(
            $"routes[{i}].{inspection.Key}", inspection, delivery.Certificate?.Traits.NotAfter - now <= configuration.Options.Certificates.WarnBefore)));

    private static CheckFinding Judge(string subject, RouteInspection inspection, bool endsSoon) =>
        !inspection.IsUsable ? CheckFinding.Error(subject, inspection.Finding)
        : endsSoon && inspection.Key == RouteInspection.Certificate ? CheckFinding.Warning(subject, $"{inspection.Finding} Replace it in time.")
        : CheckFinding.Good(subject, inspection.Finding);
}
