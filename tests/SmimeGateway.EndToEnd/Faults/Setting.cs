using System.Globalization;

namespace SmimeGateway.EndToEnd.Faults;

/// <summary>How long a test shall take, from the environment: a few rounds in every run, many by hand.</summary>
internal static class Setting
{
    public static int? Number(string name) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value) ? value : null;
}
