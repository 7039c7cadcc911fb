using System.Net;
using SmimeGateway.Deciding.Patterns;
using SmimeGateway.Mime;
using SmimeGateway.Smtp;

namespace SmimeGateway.Deciding;

/// <summary>What rules may ask about a message, apart from the recipient.</summary>
/// <param name="Sender">
/// The author that recipients see (header From); the reverse path where the header names nobody, the null one for a bounce. See
/// <see cref="Authorship.RuleSenders"/>.
/// </param>
/// <param name="Listener">The name of the listener that took the message.</param>
/// <param name="Client">The address of the SMTP client.</param>
/// <param name="User">The authenticated user, or null.</param>
/// <param name="Header">The header section, for subject and header conditions.</param>
public sealed record MessageFacts(MailPath Sender, string Listener, IPAddress Client, string? User, HeaderSection Header)
{
    private readonly Dictionary<string, (IReadOnlyList<string> Texts, bool IsUncertain)> _readings = new(StringComparer.OrdinalIgnoreCase);
    private IReadOnlyCollection<string>? _mediaTypes;
    private bool _isTreeRead;

    /// <summary>The whole message, for conditions on its parts; without it they hold for rules that encrypt alone.</summary>
    public Entity? Message { get; init; }

    /// <summary>The other authors of a message that has several.</summary>
    public IReadOnlyList<MailPath> OtherSenders { get; init; } = [];

    /// <summary>Tells of an author that cannot be read whether it may match a pattern; null where it can be read.</summary>
    internal Predicate<AddressPattern>? MayBeFrom { get; init; }

    /// <summary>The facts as they are for each author alone.</summary>
    public IEnumerable<MessageFacts> ForEachSender() =>
        OtherSenders.Count == 0 ? [this] : [this with { OtherSenders = [] }, .. OtherSenders.Select(sender => this with { Sender = sender, OtherSenders = [] })];

    /// <summary>What rules may ask about a message of this authorship.</summary>
    public static MessageFacts Of(
        Authorship authorship, SenderGrants grants, string listener, IPAddress client, string? user, Entity message)
    {
        ArgumentNullException.ThrowIfNull(authorship);
        ArgumentNullException.ThrowIfNull(grants);
        ArgumentNullException.ThrowIfNull(message);
        var isBounce = authorship.IsBounce(IsOurs);
        var senders = authorship.RuleSenders(IsOurs);
        return new MessageFacts(senders[0], listener, client, user, message.Header)
        {
            Message = message,
            OtherSenders = [.. senders.Skip(1).Distinct()],
            MayBeFrom = authorship.MayNameSomebody && !isBounce ? authorship.MayBe : null,
        };

        bool IsOurs(MailPath path) => grants.IsOurs(path, client, user);
    }

    /// <summary>
    /// The decoded texts of the fields of a name as they are compared, whoever takes a line for one, and whether somebody may read others.
    /// Read on first use: most rule books never ask.
    /// </summary>
    internal (IReadOnlyList<string> Texts, bool IsUncertain) Read(string name)
    {
        if (!_readings.TryGetValue(name, out var read))
        {
            var found = Message is null ? null : FieldReadings.Of(Message, name);
            var texts = found?.Texts ?? Header.FindAll(name).Select(field => field.Text);
            _readings.Add(name, read = ([.. texts.Select(ComparedText.Of)], found?.IsUncertain == true));
        }

        return read;
    }

    /// <summary>The media types of the message and of all its parts, or null where they cannot be told. Read on first use.</summary>
    internal IReadOnlyCollection<string>? MediaTypes
    {
        get
        {
            if (!_isTreeRead)
            {
                var types = new HashSet<string>();
                _mediaTypes = Message is not null && TryCollect(Message, types) ? types : null;
                _isTreeRead = true;
            }

            return _mediaTypes;
        }
    }

    // A multipart in which no part can be found, one with more than the limits allow, and whatever programs read differently holds nobody
    // knows what.
    private static bool TryCollect(Entity entity, HashSet<string> types)
    {
        types.Add(entity.ContentType.MediaType);
        return TypeReading.IsCertain(entity)
            && entity.TryGetParts(out var parts, out _)
            && (entity.ContentType.Type != "multipart" || parts.Count > 0)
            && parts.All(part => TryCollect(part, types));
    }
}
