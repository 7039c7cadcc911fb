using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using MimeKit.Tnef;
using SmimeGateway.Protecting.Tnef.Rtf;

namespace SmimeGateway.Protecting.Tnef;

/// <summary>
/// Reads TNEF objects by MimeKit, which is loaded when the first one comes. Its lengths are checked before, and whether it has read
/// everything afterwards: it stops in the middle of what it does not understand, and its status complains of what is good as well.
/// </summary>
/// <param name="budget">What texts may become when they are unpacked, in octets, all of them together.</param>
/// <param name="cancellationToken">Ends the reading.</param>
internal sealed class TnefReading(long budget, CancellationToken cancellationToken)
{
    private const int MaxAttachments = 1000;

    // An interface of the property's object, in front of it (MS-OXTNEF section 2.1.3.4).
    private const int InterfaceLength = 16;

    // Two lengths, a mark and a checksum (MS-OXRTFCP section 2.1.3.1).
    private const int RtfHeaderLength = 16;

    // Of 17 octets the first says what the others are: eight times where and how much, up to 17 octets of what was before.
    private const int MostPacked = 9;

    // The longest name of a kind of message (MS-OXCMSG section 2.2.1.3).
    private const int MaxName = 256;

    private static readonly HashSet<int> Wanted =
    [
        TnefIds.MessageClass, TnefIds.Subject, TnefIds.ClientSubmitTime, TnefIds.SentRepresentingName, TnefIds.StartDate, TnefIds.EndDate,
        TnefIds.SentRepresentingEmailAddress, TnefIds.RecipientType, TnefIds.SenderName, TnefIds.SenderEmailAddress, TnefIds.MessageDeliveryTime,
        TnefIds.Body, TnefIds.RtfCompressed, TnefIds.BodyHtml, TnefIds.InternetMessageId, TnefIds.DisplayName, TnefIds.EmailAddress, TnefIds.AttachData,
        TnefIds.AttachFilename, TnefIds.AttachMethod, TnefIds.AttachLongFilename, TnefIds.AttachMimeTag, TnefIds.AttachContentId, TnefIds.SmtpAddress,
        TnefIds.InternetCodepage, TnefIds.SenderSmtpAddress, TnefIds.SentRepresentingSmtpAddress,
    ];

    private long _left = budget;
    private int _attachments;
    private int _properties;

    // The provider knows the code pages of Windows, without which nearly no object can be read.
    static TnefReading() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <summary>Reads an object.</summary>
    /// <param name="octets">The object.</param>
    /// <exception cref="TnefFormException">It is not sound. MimeKit has exceptions of its own for that, of any kind.</exception>
    public TnefMessage Read(ReadOnlyMemory<byte> octets) => Read(octets, codepage: 0);

    private TnefMessage Read(ReadOnlyMemory<byte> octets, int codepage)
    {
        var extent = TnefLengths.Measure(octets.Span);
        var message = Read(octets, extent, codepage);
        if (octets.Span[extent.Octets..].ContainsAnyExcept("\0\r\n \t"u8))
        {
            message.Remains ??= "octets that follow its last attribute";
        }

        return message;
    }

    private TnefMessage Read(ReadOnlyMemory<byte> octets, TnefExtent extent, int codepage)
    {
        var message = new TnefMessage();
        var (attributes, before) = (0, _properties);
        var whole = MemoryMarshal.TryGetArray(octets[..extent.Octets], out var array) ? array : octets[..extent.Octets].ToArray();
        using var stream = new MemoryStream(whole.Array!, whole.Offset, whole.Count, writable: false);
        using var reader = new TnefReader(stream, codepage, TnefComplianceMode.Loose);
        while (reader.ReadNextAttribute())
        {
            cancellationToken.ThrowIfCancellationRequested();
            attributes++;
            ReadAttribute(reader, message);
        }

        if (attributes != extent.Attributes || _properties - before != extent.Properties)
        {
            throw new TnefFormException("not all of it can be read");
        }

        Finish(message, reader.MessageCodepage);
        return message;
    }

    private void ReadAttribute(TnefReader reader, TnefMessage message)
    {
        var properties = reader.TnefPropertyReader;
        switch (reader.AttributeTag)
        {
            case TnefAttributeTag.MessageClass:
                message.MessageClass = ReadName(reader);
                break;
            case TnefAttributeTag.Subject:
                message.Properties.Add(default, TnefIds.Subject, properties.ReadValueAsString());
                break;
            case TnefAttributeTag.DateSent:
                message.Properties.Add(default, TnefIds.ClientSubmitTime, properties.ReadValueAsDateTime());
                break;
            case TnefAttributeTag.Body:
                message.Text = properties.ReadValueAsString();
                break;
            case TnefAttributeTag.MapiProperties:
                ReadProperties(properties, message.Properties, reader.MessageCodepage, attachment: null);
                break;
            case TnefAttributeTag.RecipientTable:
                ReadRecipients(properties, message, reader.MessageCodepage);
                break;
            case TnefAttributeTag.AttachRenderData:
                message.Attachments.Add(++_attachments > MaxAttachments
                    ? throw new TnefFormException($"it has more than {MaxAttachments} attachments")
                    : new TnefAttachment());
                break;
            case TnefAttributeTag.AttachTitle when message.Attachments is [.., var titled]:
                titled.Title = properties.ReadValueAsString();
                break;
            case TnefAttributeTag.AttachData when message.Attachments is [.., var filled]:
                filled.Octets = properties.ReadValueAsBytes();
                break;
            case TnefAttributeTag.Attachment when message.Attachments is [.., var described]:
                ReadProperties(properties, described.Properties, reader.MessageCodepage, described);
                break;
            case TnefAttributeTag.AttachTitle or TnefAttributeTag.AttachData or TnefAttributeTag.Attachment:
                throw new TnefFormException("it describes an attachment before there is one");
        }
    }

    private void ReadRecipients(TnefPropertyReader properties, TnefMessage message, int codepage)
    {
        while (properties.ReadNextRow())
        {
            var recipient = new TnefProperties();
            ReadProperties(properties, recipient, codepage, attachment: null);

            // The upper bits are flags. Who gets a blind copy is nobody's business.
            var kind = recipient.Number(TnefIds.RecipientType) & 0xF;
            if (kind is 1 or 2)
            {
                message.Recipients.Add(
                    (kind == 2, recipient.Text(TnefIds.DisplayName), recipient.Text(TnefIds.SmtpAddress) ?? recipient.Text(TnefIds.EmailAddress)));
            }
        }
    }

    private void ReadProperties(TnefPropertyReader properties, TnefProperties into, int codepage, TnefAttachment? attachment)
    {
        while (properties.ReadNextProperty())
        {
            cancellationToken.ThrowIfCancellationRequested();
            _properties++;
            var tag = properties.PropertyTag;
            var (set, id) = properties.IsNamedProperty
                ? (properties.PropertyNameId.PropertySetGuid, properties.PropertyNameId.Kind == TnefNameIdKind.Id ? properties.PropertyNameId.Id : -1)
                : (default, (int)(ushort)tag.Id);
            if (properties.IsMultiValuedProperty || !(set == default ? Wanted.Contains(id) : set == TnefIds.Appointment || set == TnefIds.Meeting))
            {
                continue;
            }

            var value = ReadValue(properties);
            if (attachment is not null && set == default && id == TnefIds.AttachData)
            {
                Attach((byte[])value!, tag.ValueTnefType == TnefPropertyType.Object, attachment, codepage);
            }
            else if (value is not null)
            {
                into.Add(set, id, value);
            }
        }
    }

    // Of a type of which MimeKit reads numbers alone.
    private static string ReadName(TnefReader reader)
    {
        var octets = new byte[Math.Min(reader.AttributeRawValueLength, MaxName)];
        var length = reader.ReadAttributeRawValue(octets, 0, octets.Length);
        return Encoding.Latin1.GetString(octets, 0, length).TrimEnd('\0');
    }

    private static object? ReadValue(TnefPropertyReader properties) => properties.PropertyTag.ValueTnefType switch
    {
        TnefPropertyType.Unicode or TnefPropertyType.String8 => properties.ReadValueAsString(),
        TnefPropertyType.Binary or TnefPropertyType.Object => properties.ReadValueAsBytes(),
        TnefPropertyType.Long or TnefPropertyType.I2 => properties.ReadValueAsInt32(),
        TnefPropertyType.Boolean => properties.ReadValueAsBoolean(),
        TnefPropertyType.SysTime => properties.ReadValueAsDateTime(),
        _ => null,
    };

    private void Attach(byte[] value, bool isObject, TnefAttachment attachment, int codepage)
    {
        if (value.Length > InterfaceLength && TnefLengths.IsTnef(value.AsSpan(InterfaceLength)))
        {
            // It is as deep as was measured, so that the stack holds it.
            var before = _properties;
            attachment.Message = Read(value.AsMemory(InterfaceLength), codepage);
            _properties = before;
        }
        else
        {
            attachment.Octets = isObject && value.Length >= InterfaceLength ? value[InterfaceLength..] : value;
        }
    }

    private void Finish(TnefMessage message, int codepage)
    {
        var properties = message.Properties;
        message.MessageClass = MessageClasses.Modern(properties.Text(TnefIds.MessageClass) ?? message.MessageClass);
        message.Html = properties.Text(TnefIds.BodyHtml)
            ?? (properties.Octets(TnefIds.BodyHtml) is { Length: > 0 } html ? Decode(html, properties.Number(TnefIds.InternetCodepage) ?? codepage) : null);
        FinishText(message);

        foreach (var attachment in message.Attachments)
        {
            if (attachment is { Octets: null, Message: null })
            {
                message.Remains ??= "an attachment whose content is elsewhere";
            }

            if (attachment.Message is { } inner)
            {
                message.Remains ??= MessageClasses.IsNote(inner.MessageClass) && !MessageClasses.IsSealed(inner.MessageClass) ? inner.Remains : "an attached entry that is no mail";
            }
        }
    }

    // A text may be there in several forms, each of them empty or another text. One gives way only to one that says all that it says.
    private void FinishText(TnefMessage message)
    {
        var (attribute, property, html) = (message.Text, message.Properties.Text(TnefIds.Body), message.Html);
        message.Text = SameText.HasWords(property) ? property : SameText.HasWords(attribute) ? attribute : property ?? attribute;
        message.Html = SaysNothing(html) ? null : html;
        if (message.Properties.HasFurtherText || (attribute is not null && !SameText.IsWithin(attribute, message.Text ?? string.Empty)))
        {
            message.Remains ??= "a further text";
        }

        if (message.Properties.Octets(TnefIds.RtfCompressed) is { Length: > 0 } compressed)
        {
            FinishRtf(message, compressed);
        }

        if (!SameText.HasWords(message.Text) && (message.Html ?? html) is not null && message.Rtf is null)
        {
            (message.Text, message.Html) = (null, message.Html ?? html);
        }
    }

    private void FinishRtf(TnefMessage message, byte[] compressed)
    {
        RtfDocument document;
        try
        {
            document = RtfDocument.Read(Unpack(compressed), ref _left, cancellationToken);
        }
        catch (TnefFormException) when (message.Html is not null)
        {
            message.Remains ??= "a second form of its text, which cannot be read";
            return;
        }

        if (document.Form == RtfForm.Html && message.Html is null)
        {
            message.Html = SaysNothing(document.Text) && SameText.HasWords(message.Text) ? null : document.Text;
            return;
        }

        var words = document.Form == RtfForm.Html ? SameText.OfHtml(document.Text) : document.Text;
        if (message.Html is null && !SameText.HasWords(message.Text))
        {
            message.Text = words;
        }

        // Its looks are a form of their own where no HTML has them.
        var isTold = message.Html is { } html ? SameText.IsWithin(words, SameText.OfHtml(html)) : document.Form == RtfForm.Text && SameText.IsWithin(words, message.Text!);
        message.Rtf = isTold ? null : document.Octets;
    }

    private static bool SaysNothing(string? html) =>
        html is not null && !html.Contains("<img", StringComparison.OrdinalIgnoreCase) && !SameText.HasWords(SameText.OfHtml(html));

    private static string Decode(byte[] text, int codepage)
    {
        try
        {
            var encoding = codepage == 0 ? Encoding.Latin1 : Encoding.GetEncoding(codepage);
            return encoding.GetString(text);
        }
        catch (Exception unknown) when (unknown is ArgumentException or NotSupportedException)
        {
            throw new TnefFormException($"its text is in code page {codepage}, which is not known here");
        }
    }

    private byte[] Unpack(byte[] compressed)
    {
        // The filter takes anything for a text, and makes what it can of one that is cut off or was changed.
        if (compressed.Length < RtfHeaderLength || !(compressed.AsSpan(8).StartsWith("LZFu"u8) || compressed.AsSpan(8).StartsWith("MELA"u8)))
        {
            throw new TnefFormException("its text is not packed as texts are");
        }

        // It also makes room for the difference of the two lengths that the header announces, whatever they are.
        var packed = BinaryPrimitives.ReadInt32LittleEndian(compressed);
        var announced = BinaryPrimitives.ReadInt32LittleEndian(compressed.AsSpan(4));
        if (packed < 0 || packed > compressed.Length - sizeof(int))
        {
            throw new TnefFormException("its text is shorter than announced");
        }

        if (announced < 0 || announced > Math.Min((long)compressed.Length * MostPacked, _left))
        {
            throw new TnefFormException("its texts are too long when they are unpacked");
        }

        var filter = new RtfCompressedToRtf();
        using var unpacked = new MemoryStream();
        const int Step = 16 * 1024;
        for (var start = 0; start < compressed.Length; start += Step)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var length = Math.Min(Step, compressed.Length - start);
            Keep(start + length == compressed.Length
                ? filter.Flush(compressed, start, length, out var from, out var count)
                : filter.Filter(compressed, start, length, out from, out count));

            void Keep(byte[] piece)
            {
                unpacked.Write(piece, from, count);
                _left = _left >= count ? _left - count : throw new TnefFormException("its texts are too long when they are unpacked");
            }
        }

        return unpacked.Length == announced && (filter.IsValidCrc32 || filter.CompressionMode == RtfCompressionMode.Uncompressed)
            ? unpacked.ToArray()
            : throw new TnefFormException("its text is damaged");
    }
}
