using System.Text;
using SmimeGateway.TestSupport;

namespace SmimeGateway.EndToEnd.Reports;

/// <summary>What a report says of one recipient, read without any code of the gateway.</summary>
/// <param name="Recipient">The address of Final-Recipient.</param>
/// <param name="Action">Its action.</param>
/// <param name="Status">Its status.</param>
/// <param name="Diagnostic">The text of Diagnostic-Code behind its type.</param>
internal sealed record ReportedStatus(string Recipient, string Action, string Status, string Diagnostic)
{
    /// <summary>All statuses of a report; none when the message is no report.</summary>
    public static IReadOnlyList<ReportedStatus> ReadAll(CollectedMessage message)
    {
        var text = Encoding.UTF8.GetString(message.Content);
        var start = text.IndexOf("Content-Type: message/delivery-status\r\n", StringComparison.Ordinal);
        if (message.Field("Content-Type")?.StartsWith("multipart/report", StringComparison.Ordinal) != true || start < 0)
        {
            return [];
        }

        start = text.IndexOf("\r\n\r\n", start, StringComparison.Ordinal) + 4;
        var end = text.IndexOf("\r\n--=_", start, StringComparison.Ordinal);
        return [.. text[start..end].Replace("\r\n ", " ", StringComparison.Ordinal)
            .Split("\r\n\r\n", StringSplitOptions.RemoveEmptyEntries)
            .Skip(1)
            .Select(group => group.Split("\r\n", StringSplitOptions.RemoveEmptyEntries)
                .Select(line => line.Split(": ", 2))
                .ToDictionary(field => field[0], field => field[1]))
            .Select(fields => new ReportedStatus(
                Untyped(fields["Final-Recipient"]), fields["Action"], fields["Status"], Untyped(fields["Diagnostic-Code"])))];
    }

    private static string Untyped(string value) => value[(value.IndexOf(';', StringComparison.Ordinal) + 2)..];
}
