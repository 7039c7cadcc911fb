using SmimeGateway.Mime.Composing;
using SmimeGateway.Protecting.Tnef.Bodies;

namespace SmimeGateway.Protecting.Tnef;

/// <summary>What a TNEF object says, as it was read and not yet believed.</summary>
internal sealed class TnefMessage
{
    /// <summary>The kind of message in the words of today, "IPM.Note".</summary>
    public string MessageClass { get; set; } = string.Empty;

    public TnefProperties Properties { get; } = new();

    /// <summary>The subject in an attribute of its own, which may lack what its code page has not.</summary>
    public string? SubjectAttribute { get; set; }

    /// <summary>The moment of sending in an attribute of its own, by the clock of the sender.</summary>
    public DateTime? DateAttribute { get; set; }

    public string? Subject => Properties.Text(TnefIds.Subject) ?? SubjectAttribute;

    /// <summary>The code page in which texts of it were read; null where all are ASCII or Unicode.</summary>
    public int? Codepage { get; set; }

    /// <summary>The forms of its text that say something.</summary>
    public List<BodyForm> Forms { get; } = [];

    public List<TnefAttachment> Attachments { get; } = [];

    /// <summary>Who is named as a recipient for all to see.</summary>
    public List<(bool IsCopy, string? Name, string? Address)> Recipients { get; } = [];

    /// <summary>What has no other form than TNEF, so that the object has to stay beside what is made of it; null where there is nothing.</summary>
    public string? Remains { get; set; }

    /// <summary>Who wrote it: the one in whose name it was sent, if it names one.</summary>
    public (string? Name, string? Address) Author => (Represented.Name ?? Represented.Address) is null ? Sender : Represented;

    /// <summary>The names of what is attached, by which a text may point to it.</summary>
    public IReadOnlySet<string> FileNames => Attachments
        .Where(attachment => attachment.Octets is not null || attachment.Message is not null)
        .SelectMany(attachment => new[] { attachment.Name, attachment.Title })
        .OfType<string>().Select(name => name.Trim()).ToHashSet(StringComparer.Ordinal);

    /// <summary>What of it the header of an attached message cannot tell; null where it tells all.</summary>
    public string? TooLongForHeader =>
        Subject?.Length > NewHeader.MaxText ? "a subject as long as this"
        : Recipients.Count > NewHeader.MaxMailboxes ? "as many recipients"
        : !NewHeader.IsTold(Author.Name, Author.Address) || !Recipients.TrueForAll(person => NewHeader.IsTold(person.Name, person.Address))
            ? "somebody whom a header cannot name"
        : null;

    private (string? Name, string? Address) Represented =>
        (Properties.Text(TnefIds.SentRepresentingName), Properties.Text(TnefIds.SentRepresentingSmtpAddress) ?? Properties.Text(TnefIds.SentRepresentingEmailAddress));

    private (string? Name, string? Address) Sender =>
        (Properties.Text(TnefIds.SenderName), Properties.Text(TnefIds.SenderSmtpAddress) ?? Properties.Text(TnefIds.SenderEmailAddress));
}

/// <summary>Something attached to a TNEF message.</summary>
internal sealed class TnefAttachment
{
    public TnefProperties Properties { get; } = new();

    /// <summary>The short name in an attribute of its own, which the properties need not repeat.</summary>
    public string? Title { get; set; }

    public byte[]? Octets { get; private set; }

    /// <summary>A message that is attached; null for a file.</summary>
    public TnefMessage? Message { get; private set; }

    /// <summary>True when it has a further content, and another one.</summary>
    public bool HasSecond { get; private set; }

    public string? Name =>
        First(Properties.Text(TnefIds.AttachLongFilename), Title, Properties.Text(TnefIds.AttachFilename), Properties.Text(TnefIds.DisplayName));

    // What Outlook writes for those who cannot read messages that are attached.
    private static ReadOnlySpan<byte> StandIn => "This attachment is a MAPI 1.0 embedded message and is not supported by this mail system."u8;

    /// <summary>Adds a file as its content, of which the first counts.</summary>
    public void Add(byte[] octets)
    {
        HasSecond |= (Octets is not null && !Octets.AsSpan().SequenceEqual(octets)) || (Message is not null && !IsStandIn(octets));
        Octets ??= octets;
    }

    /// <summary>Adds a message as its content, of which the first counts.</summary>
    public void Add(TnefMessage message)
    {
        HasSecond |= Message is not null || (Octets is not null && !IsStandIn(Octets));
        Message ??= message;
    }

    private static bool IsStandIn(ReadOnlySpan<byte> octets) => octets.TrimEnd("\0"u8).SequenceEqual(StandIn);

    private static string? First(params ReadOnlySpan<string?> names)
    {
        foreach (var name in names)
        {
            if (!string.IsNullOrWhiteSpace(name))
            {
                return name;
            }
        }

        return null;
    }
}
