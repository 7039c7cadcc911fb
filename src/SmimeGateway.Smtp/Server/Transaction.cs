namespace SmimeGateway.Smtp.Server;

/// <summary>A mail transaction from MAIL on.</summary>
internal sealed class Transaction(MailPath reversePath, CommandParameters parameters, long started)
{
    private readonly List<EnvelopeRecipient> _recipients = [];
    private Envelope? _envelope;

    /// <summary>What MAIL declared.</summary>
    public CommandParameters Parameters { get; } = parameters;

    /// <summary>The timestamp of MAIL.</summary>
    public long Started { get; } = started;

    /// <summary>How many recipients were accepted.</summary>
    public int Recipients => _recipients.Count;

    /// <summary>What goes before the client's octets.</summary>
    public ReadOnlyMemory<byte> Prefix { get; set; }

    /// <summary>The envelope, complete once DATA is accepted.</summary>
    public Envelope Envelope => _envelope ??= new Envelope(reversePath, _recipients)
    {
        Body = Parameters.Body ?? BodyType.SevenBit,
        SmtpUtf8 = Parameters.SmtpUtf8,
    };

    /// <summary>Adds an accepted recipient.</summary>
    public void Add(MailPath recipient) => _recipients.Add(new EnvelopeRecipient(recipient));
}
