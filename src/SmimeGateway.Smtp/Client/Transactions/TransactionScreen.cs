using System.Text;

namespace SmimeGateway.Smtp.Client.Transactions;

/// <summary>
/// What a message asks of the server, held against what the server offers, before a single command is sent: content and addresses that
/// the server did not agree to never reach it raw.
/// </summary>
internal sealed class TransactionScreen
{
    // A header that goes on behind this is taken for one that needs UTF-8.
    private const int MaxHeaderBytes = 1024 * 1024;

    private readonly Envelope _envelope;
    private readonly ServerExtensions _extensions;
    private readonly string _remoteMta;

    public TransactionScreen(Envelope envelope, MessageContent content, ServerExtensions extensions, string remoteMta)
    {
        _envelope = envelope;
        _extensions = extensions;
        _remoteMta = remoteMta;
        IsEightBit = content.Blocks.Any(static block => !Ascii.IsValid(block.Span));

        var needsUtf8Header = envelope.SmtpUtf8 && IsEightBit && !Ascii.IsValid(HeaderOf(content.Read(MaxHeaderBytes).Span));
        NeedsSmtpUtf8 = needsUtf8Header || envelope.ReversePath.RequiresSmtpUtf8
            || envelope.Recipients.Any(recipient => recipient.Path.RequiresSmtpUtf8);
        Refusal = FindRefusal(content.Length, needsUtf8Header);
    }

    /// <summary>True when the content holds octets above 127, whatever its sender declared.</summary>
    public bool IsEightBit { get; }

    /// <summary>True when a path or the header cannot do without SMTPUTF8.</summary>
    public bool NeedsSmtpUtf8 { get; }

    /// <summary>Why the server cannot have this message at all; null when it can.</summary>
    public DeliveryStatus? Refusal { get; }

    /// <summary>Why one recipient cannot be named to the server; null when it can.</summary>
    public DeliveryStatus? RefusalOf(EnvelopeRecipient recipient) =>
        recipient.Path.RequiresSmtpUtf8 && !_extensions.SmtpUtf8
            ? Refuse(6, 7, "The recipient's address holds UTF-8, and the next hop does not offer SMTPUTF8.")
            : null;

    private DeliveryStatus? FindRefusal(long length, bool needsUtf8Header)
    {
        if (_extensions.MaxMessageBytes < length)
        {
            return Refuse(3, 4, $"The message has {length} octets, and the next hop takes at most {_extensions.MaxMessageBytes}.");
        }

        if (_envelope.ReversePath.RequiresSmtpUtf8 && !_extensions.SmtpUtf8)
        {
            return Refuse(6, 7, "The sender's address holds UTF-8, and the next hop does not offer SMTPUTF8.");
        }

        if (needsUtf8Header && !_extensions.SmtpUtf8)
        {
            return Refuse(6, 9, "The header holds UTF-8, and the next hop does not offer SMTPUTF8.");
        }

        return IsEightBit && !_extensions.EightBitMime
            ? Refuse(6, 3, "The content has octets above 127, and the next hop does not offer 8BITMIME.")
            : null;
    }

    private DeliveryStatus Refuse(int subject, int detail, string why) =>
        new(DeliveryAction.Failed, new EnhancedStatus(5, subject, detail), why, _remoteMta);

    private static ReadOnlySpan<byte> HeaderOf(ReadOnlySpan<byte> content)
    {
        var end = content.IndexOf("\r\n\r\n"u8);
        return end < 0 ? content : content[..end];
    }
}
