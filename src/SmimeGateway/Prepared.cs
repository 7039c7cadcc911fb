using SmimeGateway.Accepting;
using SmimeGateway.Mime.ProtectedForms;
using SmimeGateway.Protecting;
using SmimeGateway.Smtp;

namespace SmimeGateway;

/// <summary>What preparing a message came to.</summary>
/// <param name="Messages">The messages to queue.</param>
/// <param name="StillHeld">Recipients of a held message for whom there is still no certificate.</param>
internal sealed record Prepared(IReadOnlyList<PreparedMessage> Messages, IReadOnlyList<StillHeld> StillHeld)
{
    /// <summary>
    /// Recipients that the message may not go to, and why. Of a message that arrives nothing is queued then, as one reply speaks for all of
    /// them; of a held one the others go on.
    /// </summary>
    public IReadOnlyList<Refusal> Refused { get; init; } = [];

    /// <summary>How the message said it was protected when it came.</summary>
    public ExistingProtection Existing { get; init; }

    /// <summary>What was not done for want of a certificate, and is to be told once the messages are kept.</summary>
    public IReadOnlyList<Lack> Lacks { get; init; } = [];

    /// <summary>Forgets the messages, which the queue has now.</summary>
    public void LetGo() => (Messages as List<PreparedMessage>)?.Clear();

    /// <summary>No recipient of a message gets it.</summary>
    public static Prepared RefusedFor(InboundMessage message, Outcome refusal) =>
        new([], []) { Refused = [new Refusal(message.Envelope.Recipients, refusal)] };
}

/// <summary>Recipients that a message may not go to.</summary>
/// <param name="Recipients">The recipients.</param>
/// <param name="Outcome">Why, and whether for good.</param>
internal sealed record Refusal(IReadOnlyList<EnvelopeRecipient> Recipients, Outcome Outcome);

/// <summary>A message that may leave.</summary>
/// <param name="Message">The message.</param>
/// <param name="RuleName">The rule that decided.</param>
internal sealed record PreparedMessage(ProtectedMessage Message, string RuleName)
{
    /// <summary>The protection it arrived with, where that is why it leaves as it came.</summary>
    public string? Kept { get; init; }

    /// <summary>Counts what was done to it, once the queue has it.</summary>
    public void CountIn(GatewayCounters counters) => counters.CountKept(
        Message.IsSigned,
        Message.IsEncrypted,
        Message.Protection == Protection.Held,
        isDomainSigned: Message is { Protection: not Protection.OwnReport, SigningDomains.Count: > 0 });
}

/// <summary>Something that a rule wants and that was not done, as the rule allows it.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="What">What is lacking, as what the rule does.</param>
/// <param name="Then">What happens in its place.</param>
/// <param name="Reason">Why it is lacking.</param>
internal sealed record Lack(string Rule, string What, string Then, string Reason);

/// <summary>A recipient a held message goes on waiting for.</summary>
/// <param name="Recipient">The recipient.</param>
/// <param name="Reason">What is missing, for the log and the administrator.</param>
internal sealed record StillHeld(EnvelopeRecipient Recipient, string Reason)
{
    /// <summary>True when it waits although the rules in force would let it leave: they would not encrypt it.</summary>
    public bool WouldBePlain { get; init; }
}

/// <summary>What is prepared.</summary>
internal enum PreparationKind
{
    /// <summary>A message that arrives; its client waits for a reply.</summary>
    Fresh,

    /// <summary>A message that was accepted to be encrypted and held, for lack of certificates.</summary>
    Held,
}
