using SmimeGateway.Accepting;
using SmimeGateway.Deciding;
using SmimeGateway.Locating;
using SmimeGateway.Mime;
using SmimeGateway.Protecting;
using SmimeGateway.Smtp;

namespace SmimeGateway;

/// <summary>One message on its way through the stages, and what has come of it so far.</summary>
internal sealed record PreparationWork(
    InboundMessage Message, Entity Entity, Authorship Authorship, AuthorTrouble? Doubt, RunningConfiguration Configuration, PreparationKind Kind, BoundedLog Log)
{
    public string Session => Message.Session.SessionId;

    public string Client => Message.Session.User is { } user ? $"user {user}" : ClientNetwork.Of(Message.Session.Client.Address).ToString();

    public List<PreparedMessage> Ready { get; } = new(1);

    private VersionMemory Memory { get; } = new(Message.Content.Length);

    public List<StillHeld> StillHeld { get; } = [];

    /// <summary>Told when the message is kept: until then it may still be refused.</summary>
    public List<Lack> Lacks { get; } = [];

    /// <summary>Waits for the memory of further versions; returns the refusal where it is not to be had.</summary>
    public async ValueTask<Outcome?> MakeRoomAsync(Decision decision, Credentials? credentials, int copies, CancellationToken cancellationToken)
    {
        Memory.Add(decision, isSigned: credentials is not null, copies);
        return Memory.Encrypted > 1 && Memory.Total > Configuration.Options.Memory
            ? Kind == PreparationKind.Held

                // It was accepted: an administrator can give it more memory, and when its time is over its sender hears of it.
                ? Verdicts.NoMemory(Memory.Total)
                : Verdicts.TooManyCopies(Memory.Encrypted, Message.Content.Length)
            : Message.EnsureMemory is { } ensure && !await ensure(Memory.Total, cancellationToken)
            ? Verdicts.NoMemory(Memory.Total)
            : null;
    }

    public Envelope EnvelopeFor(IReadOnlyList<EnvelopeRecipient> recipients) => Message.Envelope with { Recipients = recipients };

    public Outcome? Add(Decision decision, ProtectedMessage message)
    {
        Ready.Add(new PreparedMessage(message, decision.RuleName) { Kept = decision.Kept });
        return null;
    }

    public Outcome? Add(Decision decision, IReadOnlyList<ProtectedMessage> messages)
    {
        foreach (var message in messages)
        {
            Add(decision, message);
        }

        return null;
    }

    /// <summary>
    /// Around what is encrypted already, only a certificate signs of which the client may use every address: nobody else's can then be
    /// named inside, where nobody has looked.
    /// </summary>
    public Outcome? RefuseSealed(Credentials credentials) =>
        Authorship.IsSealedInside
        && credentials.Certificate.Traits.Addresses.FirstOrDefault(address => !IsGranted(address)) is { } stranger
            ? Verdicts.SealedAuthor(stranger)
            : null;

    private bool IsGranted(string address) =>
        MailPath.TryParse(address, out var path)
        && Configuration.Grants.Covers(path, Message.Session.Client.Address, Message.Session.User);

    public Outcome? KeepFromPlain(IReadOnlyList<EnvelopeRecipient> recipients, string reason)
    {
        StillHeld.AddRange(recipients.Select(recipient => new StillHeld(recipient, reason) { WouldBePlain = true }));
        return null;
    }

    public Outcome? Keep(IReadOnlyList<LocatedRecipient> missing)
    {
        StillHeld.AddRange(missing.Select(located => new StillHeld(located.Recipient!, located.Reason)));
        return null;
    }
}
