using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Text.Json;
using SmimeGateway.Accepting;
using SmimeGateway.Smtp;

namespace SmimeGateway.Protecting;

/// <summary>
/// What stands beside a message in its seal: what rules ask of its session, and for whom it was sealed. The recipients are there so that who
/// can write to the queue, but has no key, cannot have the message encrypted to somebody else.
/// </summary>
internal sealed record HeldFacts
{
    private const int MaxText = 1000;

    public required string Session { get; init; }

    public required string Listener { get; init; }

    public required string Client { get; init; }

    public string? User { get; init; }

    public string? Helo { get; init; }

    public bool IsExtended { get; init; }

    public required DateTimeOffset Received { get; init; }

    public required string Sender { get; init; }

    public required IReadOnlyList<string> Recipients { get; init; }

    public static HeldFacts Of(InboundMessage message, IReadOnlyList<EnvelopeRecipient> recipients) => new()
    {
        Session = message.Session.SessionId,
        Listener = message.Session.ListenerName,
        Client = message.Session.Client.ToString(),
        User = message.Session.User,
        Helo = message.Session.HeloName,
        IsExtended = message.Session.IsExtended,
        Received = message.Received,
        Sender = message.Envelope.ReversePath.Address,
        Recipients = [.. recipients.Select(recipient => recipient.Path.Address)],
    };

    /// <summary>One line of JSON in ASCII.</summary>
    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, JsonSerializerOptions.Web);

    /// <summary>Reads the line back; false when it is not one of ours.</summary>
    public static bool TryRead(ReadOnlySpan<byte> json, [NotNullWhen(true)] out HeldFacts? facts)
    {
        facts = null;
        try
        {
            facts = JsonSerializer.Deserialize<HeldFacts>(json, JsonSerializerOptions.Web);
        }
        catch (JsonException)
        {
            return false;
        }

        // A required member may still be null in JSON.
        return facts is { Session: not null, Listener: not null, Client: not null, Sender: not null, Recipients: not null }
            && Array.TrueForAll([facts.Session, facts.Listener, facts.User ?? string.Empty, facts.Helo ?? string.Empty], IsPrintable);
    }

    /// <summary>The session; null when its client cannot be told.</summary>
    public SmtpSessionIdentity? Identity() => IPEndPoint.TryParse(Client, out var client)
        ? new SmtpSessionIdentity(Session, Listener, client) { User = User, HeloName = Helo, IsExtended = IsExtended }
        : null;

    /// <summary>True when the seal was made for these: the same sender, and no recipient that was not among those who waited.</summary>
    public bool AreOf(Envelope envelope)
    {
        var waiting = Recipients.Select(Path).ToHashSet();
        return Path(Sender)?.Equals(envelope.ReversePath) == true && envelope.Recipients.All(recipient => waiting.Contains(recipient.Path));
    }

    private static MailPath? Path(string? address) =>
        string.IsNullOrEmpty(address) ? MailPath.Null : MailPath.TryParse(address, out var path) ? path : null;

    private static bool IsPrintable(string text) => text.Length <= MaxText && !text.Any(char.IsControl);
}
