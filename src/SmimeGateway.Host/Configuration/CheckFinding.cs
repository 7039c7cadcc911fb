using System.Text.Json.Serialization;

namespace SmimeGateway.Host.Configuration;

/// <summary>One thing that was checked, and what was found.</summary>
/// <param name="Severity">How bad it is.</param>
/// <param name="Subject">What was looked at: a place in the configuration, a file, a certificate, a host.</param>
/// <param name="Text">What was found, and what to do about it unless it is good.</param>
internal sealed record CheckFinding(CheckSeverity Severity, string Subject, string Text)
{
    /// <summary>True where the gateway does not start for it.</summary>
    public bool PreventsStart { get; init; }

    /// <summary>Both in one line.</summary>
    [JsonIgnore]
    public string Sentence => $"{Subject}: {Text}";

    /// <summary>Something as it should be.</summary>
    public static CheckFinding Good(string subject, string text) => new(CheckSeverity.Good, subject, text);

    /// <summary>Something to look at.</summary>
    public static CheckFinding Warning(string subject, string text) => new(CheckSeverity.Warning, subject, text);

    /// <summary>Something for which the gateway does not start.</summary>
    public static CheckFinding Hindrance(string subject, string text) => Error(subject, text) with { PreventsStart = true };

    /// <summary>Something that will not work.</summary>
    public static CheckFinding Error(string subject, string text) => new(CheckSeverity.Error, subject, text);
}
