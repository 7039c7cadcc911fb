using System.Net;

namespace SmimeGateway.Host.Configuration.Checking;

/// <summary>The name in EHLO is one that other servers take.</summary>
internal static class HostNameCheck
{
    /// <summary>
    /// Warns about a name without a dot, an address, and an underscore: servers that refuse it (504 5.5.2) do so at every recipient, and to the report that would tell of it.
    /// </summary>
    public static IEnumerable<CheckFinding> Check(GatewayOptions options)
    {
        var name = options.HostName.TrimEnd('.');
        if (IPAddress.TryParse(name, out _) || char.IsAsciiDigit(name[name.LastIndexOf('.') + 1]))
        {
            yield return CheckFinding.Warning(
                $"hostName: {options.HostName}",
                "EHLO will say an address in the place of a name, and many servers refuse mail for it. Write the name, such as \"gateway.example.com\".");
        }
        else if (name.Contains('_', StringComparison.Ordinal))
        {
            yield return CheckFinding.Warning(
                $"hostName: {options.HostName}",
                "EHLO will say a name with an underscore, which is none for hosts (RFC 952), and many servers refuse mail for it. Write a name of letters, digits and hyphens.");
        }
        else if (!name.Contains('.', StringComparison.Ordinal))
        {
            yield return CheckFinding.Warning(
                $"hostName: {options.HostName}",
                "EHLO will say a name without a dot, and many servers refuse mail for it, reports included. Write the full name, such as \"gateway.example.com\".");
        }
    }
}
