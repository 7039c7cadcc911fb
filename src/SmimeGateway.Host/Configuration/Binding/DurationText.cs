using System.Globalization;
using SmimeGateway.Host.Configuration.Reading;

namespace SmimeGateway.Host.Configuration.Binding;

/// <summary>Durations as they are written: a whole number and one of the units s, m, h and d.</summary>
internal static class DurationText
{
    /// <summary>What one looks like, for schemas.</summary>
    public const string Pattern = "^[0-9]+[smhd]$";

    private static readonly Flaw Malformed = new(
        "this is not a duration", "Write a whole number and a unit, such as \"30s\", \"5m\", \"4h\" or \"5d\".");

    /// <summary>Reads a duration; says what is wrong otherwise.</summary>
    public static Flaw? TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        if (text.Length < 2 || !int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count))
        {
            return Malformed;
        }

        // A count that fits an int is at most 5.9 million years of days, which a TimeSpan does not hold; a hundred years are plenty.
        var ticks = text[^1] switch
        {
            's' => TimeSpan.TicksPerSecond,
            'm' => TimeSpan.TicksPerMinute,
            'h' => TimeSpan.TicksPerHour,
            'd' => TimeSpan.TicksPerDay,
            _ => 0,
        };
        if (ticks == 0)
        {
            return Malformed;
        }

        duration = new TimeSpan(Math.Min(count, TimeSpan.TicksPerDay * 36_525 / ticks) * ticks);
        return null;
    }

    /// <summary>Writes a duration in the biggest unit that leaves a whole number.</summary>
    public static string Format(TimeSpan duration)
    {
        var (ticks, unit) = duration.Ticks switch
        {
            var all when all % TimeSpan.TicksPerDay == 0 => (TimeSpan.TicksPerDay, "d"),
            var all when all % TimeSpan.TicksPerHour == 0 => (TimeSpan.TicksPerHour, "h"),
            var all when all % TimeSpan.TicksPerMinute == 0 => (TimeSpan.TicksPerMinute, "m"),
            _ => (TimeSpan.TicksPerSecond, "s"),
        };
        return string.Create(CultureInfo.InvariantCulture, $"{duration.Ticks / ticks}{unit}");
    }

    /// <summary>Writes a duration as closely as people want it, in two units at most.</summary>
    public static string Round(TimeSpan duration) => duration switch
    {
        { TotalDays: >= 1 } => $"{(int)duration.TotalDays}d{duration.Hours}h",
        { TotalHours: >= 1 } => $"{duration.Hours}h{duration.Minutes}m",
        { TotalMinutes: >= 1 } => $"{duration.Minutes}m{duration.Seconds}s",
        _ => $"{Math.Max(0, duration.Seconds)}s",
    };
}
