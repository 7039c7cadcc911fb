using System.Text.Json.Serialization;

namespace SmimeGateway.Host.Admin;

/// <summary>Which messages of the queue a request is about, as it was written: everything that is given must fit.</summary>
internal sealed record QueueSelection
{
    /// <summary>These messages; empty for any.</summary>
    public IReadOnlyList<string> Ids { get; init; } = [];

    /// <summary>A pattern for the sender; <c>&lt;&gt;</c> is the null sender.</summary>
    public string? Sender { get; init; }

    /// <summary>A pattern for a recipient that is still to be served.</summary>
    public string? Recipient { get; init; }

    /// <summary>A pattern for the next hop of such a recipient: <c>host:port</c>, or a folder.</summary>
    public string? NextHop { get; init; }

    /// <summary>Accepted longer ago than this, such as <c>1h</c>.</summary>
    public string? OlderThan { get; init; }

    /// <summary>A state of the queue: fresh, active, deferred, held or waiting.</summary>
    public string? State { get; init; }

    /// <summary>All messages, said on purpose. Goes with nothing else.</summary>
    public bool All { get; init; }

    /// <summary>True when nothing narrows the choice.</summary>
    [JsonIgnore]
    public bool IsEverything => Ids.Count == 0 && (Sender ?? Recipient ?? NextHop ?? OlderThan ?? State) is null;
}
