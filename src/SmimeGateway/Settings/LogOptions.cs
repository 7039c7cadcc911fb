using System.ComponentModel.DataAnnotations;

namespace SmimeGateway.Settings;

/// <summary>What is logged, and where.</summary>
/// <example>
/// <code>
/// { "level": "information", "file": "logs/smimegateway-.log", "format": "text", "debugRevertsAfter": "30m" }
/// </code>
/// </example>
public sealed record LogOptions
{
    /// <summary>The least severe level that is logged.</summary>
    public LogThreshold Level { get; init; } = LogThreshold.Information;

    /// <summary>The log file; the date is inserted before the extension, and a new file begins every day. null writes to the console alone.</summary>
    [Notation(Notation.WrittenPath)]
    public string? File { get; init; } = "logs/smimegateway-.log";

    /// <summary>How a line of the log is written.</summary>
    public LogFormat Format { get; init; }

    /// <summary>How long debug, switched on in the running gateway, lasts before the level returns to the configured one.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "30.00:00:00")]
    public TimeSpan DebugRevertsAfter { get; init; } = TimeSpan.FromMinutes(30);
}

/// <summary>How a line of the log is written.</summary>
public enum LogFormat
{
    /// <summary>For people.</summary>
    Text,

    /// <summary>One JSON object a line, for machines.</summary>
    Json,
}

/// <summary>The least severe level that is logged.</summary>
public enum LogThreshold
{
    /// <summary>The whole story of every message.</summary>
    Debug,

    /// <summary>One line for each outcome.</summary>
    Information,

    /// <summary>What an administrator should look at.</summary>
    Warning,

    /// <summary>What is broken.</summary>
    Error,
}
