using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;

namespace SmimeGateway.Host.Admin;

/// <summary>A selection of messages as the query of a URL.</summary>
internal static class QueueQuery
{
    private static readonly string[] Known = ["sender", "recipient", "nextHop", "olderThan", "state", "limit"];

    /// <summary>Reads a query; false when it has a word that means nothing here, as a filter that was misspelt must not count as none.</summary>
    public static bool TryRead(IQueryCollection query, out QueueSelection selection, out string? limit, [NotNullWhen(false)] out string? unknown)
    {
        unknown = query.Keys.FirstOrDefault(key => !Known.Contains(key, StringComparer.Ordinal));
        limit = Value("limit");
        selection = new QueueSelection
        {
            Sender = Value("sender"),
            Recipient = Value("recipient"),
            NextHop = Value("nextHop"),
            OlderThan = Value("olderThan"),
            State = Value("state"),
        };
        return unknown is null;

        string? Value(string key) => query.TryGetValue(key, out var values) ? values.ToString() : null;
    }

    /// <summary>Writes one.</summary>
    public static string Write(QueueSelection selection, int? limit)
    {
        (string Key, string? Value)[] parts =
        [
            ("sender", selection.Sender),
            ("recipient", selection.Recipient),
            ("nextHop", selection.NextHop),
            ("olderThan", selection.OlderThan),
            ("state", selection.State),
            ("limit", limit?.ToString(System.Globalization.CultureInfo.InvariantCulture)),
        ];
        return string.Join('&', parts.Where(part => part.Value is not null).Select(part => $"{part.Key}={Uri.EscapeDataString(part.Value!)}"));
    }
}
