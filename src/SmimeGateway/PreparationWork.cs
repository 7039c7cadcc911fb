using SmimeGateway.Accepting;
using SmimeGateway.Deciding;
using SmimeGateway.Locating;
using SmimeGateway.Mime;
using SmimeGateway.Mime.Hardening;
using SmimeGateway.Protecting;
using SmimeGateway.Protecting.Dkim;
using SmimeGateway.Protecting.Tnef;
using SmimeGateway.Queueing;
using SmimeGateway.Smtp;

namespace SmimeGateway;

/// <summary>One message on its way through the stages, and what has come of it so far.</summary>
internal sealed record PreparationWork(
    InboundMessage Message, Entity Entity, Authorship Authorship, AuthorTrouble? Doubt, RunningConfiguration Configuration, PreparationKind Kind, BoundedLog Log)
{
    // So many messages may have all of their versions in memory at once.
    private const int SharesOfMemory = 8;

    private static long _garbage;

    private readonly List<ProtectedMessage> _laidDown = [];
    private readonly Entity _arrived = Entity;
    private TnefConversion? _tnef;
    private DomainSigner? _domainSigner;

    public string Session => Message.Session.SessionId;

    public string Client => Message.Session.User is { } user ? $"user {user}" : ClientNetwork.Of(Message.Session.Client.Address).ToString();

    public List<PreparedMessage> Ready { get; } = new(1);

    private VersionMemory Memory { get; } = new(Message.Content.Length, isDomainSigned: !Configuration.SigningDomains.IsEmpty);

    // Null where no domain signs anything, so that nobody asks for whom.
    private DomainSigner? DomainSigner => Configuration.SigningDomains.IsEmpty ? null
        : _domainSigner ??= new DomainSigner(Configuration.SigningDomains.For(Authorship, Configuration.Grants, Message.Session.Client.Address, Message.Session.User), _arrived, Time);

    public List<StillHeld> StillHeld { get; } = [];

    /// <summary>Told when the message is kept: until then it may still be refused.</summary>
    public List<Lack> Lacks { get; } = [];

    /// <summary>The clock.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>Where versions are laid down that are too many for memory; null to have them all there.</summary>
    public required IMessageQueue? Queue { get; init; }

    /// <summary>True when further versions would take so much memory that others would wait for it.</summary>
    public bool IsLarge(Decision decision, Credentials? credentials, int copies) =>
        Queue is not null && copies > 0 && Memory.TotalWith(decision, credentials is not null, copies) > Configuration.Options.Memory / SharesOfMemory;

    /// <summary>Lays the last of some versions down; returns the refusal where that cannot be.</summary>
    public async ValueTask<Outcome?> LayDownAsync(List<ProtectedMessage> versions, CancellationToken cancellationToken)
    {
        if (SignForDomains(versions[^1], out var complete) is { } unsigned)
        {
            return unsigned;
        }

        try
        {
            versions[^1] = complete;
            versions[^1] = await Queue!.LayDownAsync(versions[^1], cancellationToken);
            _laidDown.Add(versions[^1]);
            TidyUp(versions[^1].Length);
            return null;
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            return Verdicts.NotStored($"a large message could not be written: {trouble.Message}");
        }
    }

    // What was laid down is garbage, and much of it comes in a short time: the runtime would let it grow beyond what messages may take. In the
    // background it takes as little memory as when everybody waits for it, and stops sessions for half a millisecond; waiting stopped all of them
    // for as much with each megabyte that is in use otherwise.
    private void TidyUp(long octets)
    {
        if (Interlocked.Add(ref _garbage, octets) > Configuration.Options.Memory / SharesOfMemory && Interlocked.Exchange(ref _garbage, 0) > 0)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: false, compacting: false);
        }
    }

    /// <summary>The same work on a message whose TNEF objects have become MIME, where they can; or the refusal where there is no memory for it.</summary>
    public async ValueTask<(PreparationWork Work, Outcome? Refusal)> ConvertTnefAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        if (_tnef is null && TnefConversion.MayHave(Entity))
        {
            var octets = Memory.Total + TnefConversion.MemoryFor(Entity.Raw.Length);
            if (Message.EnsureMemory is { } ensure && !await ensure(octets, cancellationToken))
            {
                return (this, Verdicts.NoMemory(octets));
            }

            _tnef = TnefConversion.Of(Entity, converted => Authorship.HoldsFor(converted, IsGranted), Configuration.LimitsAt(Message.Session.ListenerName), time, cancellationToken);
            Memory.AddForm(_tnef.Message?.Raw.Length ?? 0);
            Log.Converted(Session, _tnef);
        }

        return (_tnef?.Message is { } converted ? this with { Entity = converted } : this, null);
    }

    /// <summary>Forgets what was laid down and will not leave: all of it, as the message is not kept, or what some recipients are refused.</summary>
    public void Discard(bool isAll) =>
        Queue?.Discard(isAll ? _laidDown : [.. _laidDown.Except(Ready.Select(ready => ready.Message))]);

    /// <summary>Waits for the memory of further versions; returns the refusal where it is not to be had.</summary>
    public ValueTask<Outcome?> MakeRoomAsync(Decision decision, Credentials? credentials, int copies, CancellationToken cancellationToken)
    {
        Memory.Add(decision, isSigned: credentials is not null, copies);
        return EnsureMemoryAsync(cancellationToken);
    }

    private async ValueTask<Outcome?> EnsureMemoryAsync(CancellationToken cancellationToken) =>
        Message.EnsureMemory is { } ensure && !await ensure(Memory.Total, cancellationToken) ? Verdicts.NoMemory(Memory.Total) : null;

    public Envelope EnvelopeFor(IReadOnlyList<EnvelopeRecipient> recipients) => Message.Envelope with { Recipients = recipients };

    /// <summary>Lets the message leave as it came: only a signature put before it makes a copy, and lines written anew make more.</summary>
    public async ValueTask<Outcome?> PassAsync(Decision decision, ProtectedMessage passing, CancellationToken cancellationToken)
    {
        if (DomainSigner is { SignsUnchanged: true })
        {
            Memory.AddPassing(isRewritten: ShortLines.MayBeNeeded([Message.Content]));
            if (await EnsureMemoryAsync(cancellationToken) is { } crowded)
            {
                return crowded;
            }
        }

        return Add(decision, passing);
    }

    public Outcome? Add(Decision decision, ProtectedMessage message) => Add(decision, [message]);

    /// <summary>
    /// Adds messages, all of them or none: the signatures of domains are the last that they get. Returns why they may not leave. In the list each
    /// gives way to the one that leaves, so that a message is there twice only while it is signed.
    /// </summary>
    public Outcome? Add(Decision decision, List<ProtectedMessage> messages)
    {
        for (var i = 0; i < messages.Count; i++)
        {
            if (SignForDomains(messages[i], out var complete) is { } refusal)
            {
                return refusal;
            }

            messages[i] = complete;
        }

        Ready.AddRange(messages.Select(message => new PreparedMessage(message, decision.RuleName) { Kept = decision.Kept }));
        return null;
    }

    // What was laid down was signed before, what is sealed will be when it is released, and reports are by who writes them.
    private Outcome? SignForDomains(ProtectedMessage message, out ProtectedMessage complete)
    {
        complete = message;
        if (DomainSigner is not { } signer || message.Place is not null || message.Protection is Protection.Held or Protection.OwnReport)
        {
            return null;
        }

        var signing = signer.Sign(message);
        if (signing.Trouble is not null)
        {
            return Verdicts.DomainNotSigned(signing);
        }

        Log.DomainSigned(Session, signing);
        complete = signing.Message;
        return null;
    }

    /// <summary>
    /// Around what is encrypted already, only a certificate signs of which the client may use every address: nobody else's can then be
    /// named inside, where nobody has looked.
    /// </summary>
    public Outcome? RefuseSealed(Credentials credentials) =>
        Authorship.IsSealedInside
        && credentials.All.SelectMany(signing => signing.Traits.Addresses).FirstOrDefault(address => !IsGranted(address)) is { } stranger
            ? Verdicts.SealedAuthor(stranger)
            : null;

    private bool IsGranted(string address) => MailPath.TryParse(address, out var path) && IsGranted(path);

    private bool IsGranted(MailPath path) => Configuration.Grants.Covers(path, Message.Session.Client.Address, Message.Session.User);

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
