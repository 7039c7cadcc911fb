using SmimeGateway.Smtp.Server.Commands;

namespace SmimeGateway.Smtp.Server;

/// <summary>A mail transaction from MAIL on. Disposing it gives back the memory that its message was granted.</summary>
internal sealed class Transaction(MailPath reversePath, CommandParameters parameters, long started) : IDisposable
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

    /// <summary>The memory granted to the message, or null where none was asked for.</summary>
    public MemoryReservation? Memory { get; set; }

    /// <summary>
    /// Why the chunks of the message are thrown away, or null. Once one was refused the message has a hole, so that all are
    /// (RFC 3030 section 2).
    /// </summary>
    public SmtpReply? Refusal { get; set; }

    /// <summary>The envelope, complete once DATA or BDAT is accepted.</summary>
    public Envelope Envelope => _envelope ??= new Envelope(reversePath, _recipients)
    {
        Body = Parameters.Body ?? BodyType.SevenBit,
        SmtpUtf8 = Parameters.SmtpUtf8,
        Return = Parameters.Return,
        EnvelopeId = Parameters.EnvelopeId,
    };

    /// <summary>Adds an accepted recipient.</summary>
    public void Add(MailPath recipient, CommandParameters parameters) => _recipients.Add(new EnvelopeRecipient(recipient)
    {
        Notify = parameters.Notify,
        OriginalRecipient = parameters.OriginalRecipient,
    });

    /// <inheritdoc/>
    public void Dispose() => Memory?.Dispose();
}
