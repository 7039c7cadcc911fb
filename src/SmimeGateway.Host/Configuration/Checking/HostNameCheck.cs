namespace SmimeGateway.Host.Configuration.Checking;

/// <summary>The name in EHLO is one that other servers take.</summary>
internal static class HostNameCheck
{
    /// <summary>
    /// Warns about a name without a dot: servers that refuse it (504 5.5.2) do so at every recipient, and to the report that would tell of it.
    /// </summary>
    public static IEnumerable<CheckFinding> Check(GatewayOptions options)
    {
        if (!options.HostName.TrimEnd('.').Contains('.', StringComparison.Ordinal))
        {
            yield return CheckFinding.Warning(
                $"hostName: {options.HostName}",
                "EHLO will say a name without a dot, and many servers refuse mail for it, reports included. Write the full name, such as \"gateway.example.com\".");
        }
    }
}
