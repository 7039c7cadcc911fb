using SmimeGateway.Relaying;

namespace SmimeGateway.Host.Configuration.Checking;

/// <summary>The files and secrets that routes name can be read and used.</summary>
internal static class RouteFilesCheck
{
    /// <summary>One finding for each of them.</summary>
    public static async Task<IReadOnlyList<CheckFinding>> CheckAsync(GatewayOptions options, TimeProvider time)
    {
        var findings = new List<CheckFinding>();
        for (var i = 0; i < options.Routes.Count; i++)
        {
            foreach (var inspection in await RouteInspection.InspectAsync(options.Routes[i], time))
            {
                var subject = $"routes[{i}].{inspection.Key}";
                findings.Add(inspection.IsUsable ? CheckFinding.Good(subject, inspection.Finding) : CheckFinding.Error(subject, inspection.Finding));
            }
        }

        return findings;
    }
}
