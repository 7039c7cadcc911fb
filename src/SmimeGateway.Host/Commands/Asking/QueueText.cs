using System.Globalization;
using SmimeGateway.Host.Admin;
using SmimeGateway.Host.Configuration.Binding;
using SmimeGateway.Queueing;

namespace SmimeGateway.Host.Commands.Asking;

/// <summary>
/// Messages of the queue, for people: a line for each, and an indented one for each recipient that is still to be served. A table of all
/// that would be wider than any terminal.
/// </summary>
internal static class QueueText
{
    // Whatever else keeps a held message, such as a key that is gone, is in the reason.
    private const string NoCertificate = "4.7.5";

    public static void Write(PlainConsole console, QueueList list, bool isEverything)
    {
        foreach (var message in list.Messages)
        {
            Write(console, message);
        }

        console.WriteLine(list switch
        {
            { Messages.Count: 0 } => isEverything ? "No message waits." : "No message that waits is one of these.",
            { IsComplete: true } => $"{list.Messages.Count} message(s).",
            _ => $"The oldest {list.Messages.Count} messages. There are more: see --limit, or narrow the choice with a filter.",
        });
    }

    public static void Write(PlainConsole console, ShownMessage shown)
    {
        Write(console, shown.Message);
        console.WriteLine($"    accepted {Time(shown.Message.Accepted)}"
            + (shown.Message is { State: QueueState.Deferred or QueueState.Waiting, NextAttempt: { } next } ? $", next try {Time(next)}" : string.Empty));
        console.WriteLine();
        foreach (var line in shown.Header)
        {
            console.WriteLine(line);
        }
    }

    private static void Write(PlainConsole console, ListedMessage message)
    {
        var sender = message.Sender.Length == 0 ? "<>" : message.Sender;
        console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{message.Id}  {Word(message.State),-8}  {Duration(message.AgeSeconds),6}  {Size(message.Octets),8}  from {sender}, {Attempts(message)}, {NextTry(message)}"));
        foreach (var recipient in message.Recipients)
        {
            console.WriteLine($"    {recipient.Address} by {recipient.NextHop}: {Reason(recipient)}");
        }
    }

    private static string Attempts(ListedMessage message) => message.Attempts switch
    {
        0 => "not tried yet",
        1 => "tried once",
        var attempts => string.Create(CultureInfo.InvariantCulture, $"tried {attempts} times"),
    };

    private static string NextTry(ListedMessage message) => message switch
    {
        { State: QueueState.Held } => "waits for its release",
        { State: QueueState.Active } => "being delivered",
        { State: QueueState.Deferred, NextAttempt: { } next } => "next in " + Duration((next - message.Accepted).TotalSeconds - message.AgeSeconds),
        { State: QueueState.Waiting, NextAttempt: { } next } =>
            (message.Recipients.All(recipient => recipient.Status is null or NoCertificate) ? "waits for a certificate" : "stays held")
            + ", looks again in " + Duration((next - message.Accepted).TotalSeconds - message.AgeSeconds),
        { Attempts: 0 } when message.Recipients.Any(recipient => recipient.Reason is not null) => "waits for its next hop",
        _ => "due",
    };

    private static string Reason(ListedRecipient recipient) => recipient switch
    {
        { Reason: null } => "not tried yet",

        // The reply of a server holds the code already.
        _ when recipient.Status is null || recipient.Reason.Contains(recipient.Status, StringComparison.Ordinal) => recipient.Reason,
        _ => $"{recipient.Status} {recipient.Reason}",
    };

    private static string Duration(double seconds) => DurationText.Round(TimeSpan.FromSeconds(Math.Max(0, seconds)));

    private static string Size(long octets) => octets switch
    {
        >= 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{octets / 1e6:0.0} MB"),
        >= 1000 => string.Create(CultureInfo.InvariantCulture, $"{octets / 1e3:0.0} KB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{octets} B"),
    };

    private static string Time(DateTimeOffset time) => time.ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture);

    private static string Word(QueueState state) => state.ToString().ToLowerInvariant();
}
