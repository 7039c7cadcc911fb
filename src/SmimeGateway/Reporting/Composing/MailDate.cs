using System.Globalization;

namespace SmimeGateway.Reporting.Composing;

/// <summary>Dates as mail writes them (RFC 5322 section 3.3).</summary>
internal static class MailDate
{
    /// <summary>The moment in UTC.</summary>
    public static string Write(DateTimeOffset moment) =>
        moment.UtcDateTime.ToString("ddd, d MMM yyyy HH':'mm':'ss '+0000'", CultureInfo.InvariantCulture);
}
