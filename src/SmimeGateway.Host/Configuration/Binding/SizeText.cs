using System.Globalization;
using SmimeGateway.Host.Configuration.Reading;

namespace SmimeGateway.Host.Configuration.Binding;

/// <summary>Sizes as they are written: a whole number and a unit, KB, MB or GB, each a thousand times the one before.</summary>
internal static class SizeText
{
    /// <summary>What one looks like, for schemas.</summary>
    public const string Pattern = "^[0-9]+(B|KB|MB|GB)$";

    private static readonly (string Unit, long Bytes)[] Units = [("GB", 1_000_000_000), ("MB", 1_000_000), ("KB", 1000), ("B", 1)];

    /// <summary>Reads a size in bytes; says what is wrong otherwise.</summary>
    public static Flaw? TryParse(string text, out long bytes)
    {
        foreach (var (unit, factor) in Units)
        {
            // A count that fits an int, in gigabytes, fits a long.
            if (text.EndsWith(unit, StringComparison.Ordinal)
                && int.TryParse(text.AsSpan(0, text.Length - unit.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            {
                bytes = count * factor;
                return null;
            }
        }

        bytes = 0;
        return new Flaw("this is not a size", "Write a whole number and a unit, such as \"500KB\", \"50MB\" or \"1GB\".");
    }

    /// <summary>Writes a size in the biggest unit that leaves a whole number.</summary>
    public static string Format(long bytes)
    {
        var (unit, factor) = Array.Find(Units, candidate => bytes % candidate.Bytes == 0);
        return string.Create(CultureInfo.InvariantCulture, $"{bytes / factor}{unit}");
    }
}
