using System.Runtime.InteropServices;
using System.Text;
using MimeKit.Tnef;

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
        var (message, plains) = (new TnefMessage(), new List<byte[]>());
        var (attributes, before) = (0, _properties);
        var whole = MemoryMarshal.TryGetArray(octets[..extent.Octets], out var array) ? array : octets[..extent.Octets].ToArray();
        using var stream = new MemoryStream(whole.Array!, whole.Offset, whole.Count, writable: false);
        using var reader = new TnefReader(stream, codepage, TnefComplianceMode.Loose);
        while (reader.ReadNextAttribute())
        {
            cancellationToken.ThrowIfCancellationRequested();
            attributes++;
            ReadAttribute(reader, message, plains);
        }

        if (attributes != extent.Attributes || _properties - before != extent.Properties)
        {
            throw new TnefFormException("not all of it can be read");
        }

        if (message.Codepage is { } used && used != reader.MessageCodepage)
        {
            throw new TnefFormException("it names its code page behind texts in it");
        }

        Finish(message, plains, reader.MessageCodepage);
        return message;
    }

    private void ReadAttribute(TnefReader reader, TnefMessage message, List<byte[]> plains)
    {
        var properties = reader.TnefPropertyReader;
        switch (reader.AttributeTag)
        {
            case TnefAttributeTag.MessageClass:
                message.MessageClass = ReadName(reader);
                break;
            case TnefAttributeTag.Subject:
                message.SubjectAttribute ??= Decode(ReadRaw(reader, reader.AttributeRawValueLength), message, reader.MessageCodepage);
                break;
            case TnefAttributeTag.DateSent:
                message.DateAttribute ??= properties.ReadValueAsDateTime();
                break;
            case TnefAttributeTag.Body:
                plains.Add(ReadRaw(reader, reader.AttributeRawValueLength));
                break;
            case TnefAttributeTag.MapiProperties:
                ReadProperties(properties, message.Properties, message, reader.MessageCodepage, attachment: null);
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
                titled.Title ??= Decode(ReadRaw(reader, reader.AttributeRawValueLength), message, reader.MessageCodepage);
                break;
            case TnefAttributeTag.AttachData when message.Attachments is [.., var filled]:
                filled.Add(properties.ReadValueAsBytes());
                break;
            case TnefAttributeTag.Attachment when message.Attachments is [.., var described]:
                ReadProperties(properties, described.Properties, message, reader.MessageCodepage, described);
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
            ReadProperties(properties, recipient, message, codepage, attachment: null);
            message.Properties.IsOdd |= recipient.IsOdd;

            // The upper bits are flags. Who gets a blind copy is nobody's business.
            var kind = recipient.Number(TnefIds.RecipientType) & 0xF;
            if (kind is 1 or 2)
            {
                message.Recipients.Add(
                    (kind == 2, recipient.Text(TnefIds.DisplayName), recipient.Text(TnefIds.SmtpAddress) ?? recipient.Text(TnefIds.EmailAddress)));
            }
        }
    }

    private void ReadProperties(TnefPropertyReader properties, TnefProperties into, TnefMessage message, int codepage, TnefAttachment? attachment)
    {
        while (properties.ReadNextProperty())
        {
            cancellationToken.ThrowIfCancellationRequested();
            _properties++;
            var tag = properties.PropertyTag;
            var (set, id) = properties.IsNamedProperty
                ? (properties.PropertyNameId.PropertySetGuid, properties.PropertyNameId.Kind == TnefNameIdKind.Id ? properties.PropertyNameId.Id : -1)
                : (default, (int)(ushort)tag.Id);
            var type = tag.ValueTnefType;

            // What has no value, or an error in its place, says nothing.
            if (!(set == default ? Wanted.Contains(id) : set == TnefIds.Appointment || set == TnefIds.Meeting) || type is TnefPropertyType.Null or TnefPropertyType.Error)
            {
                continue;
            }

            if (properties.IsMultiValuedProperty || properties.ValueCount > 1 || (set == default && !TnefIds.IsOfItsType(id, type)))
            {
                into.IsOdd |= set == default;
                continue;
            }

            var value = ReadValue(properties, message, codepage);
            if (attachment is not null && set == default && id == TnefIds.AttachData)
            {
                Attach((byte[])value!, type == TnefPropertyType.Object, attachment, codepage);
            }
            else if (value is not null)
            {
                into.Add(set, id, value);
            }
        }
    }

    // Of a type of which MimeKit reads numbers alone.
    private static string ReadName(TnefReader reader) =>
        Encoding.Latin1.GetString(ReadRaw(reader, Math.Min(reader.AttributeRawValueLength, MaxName))).TrimEnd('\0');

    private static byte[] ReadRaw(TnefReader reader, int length)
    {
        var octets = new byte[length];
        var read = 0;
        for (var more = -1; read < length && more != 0; read += more)
        {
            more = reader.ReadAttributeRawValue(octets, read, length - read);
        }

        return octets[..read];
    }

    // MimeKit would read what it can, and put something else in the place of the rest.
    private static object? ReadValue(TnefPropertyReader properties, TnefMessage message, int codepage) => properties.PropertyTag.ValueTnefType switch
    {
        TnefPropertyType.Unicode => StrictText.DecodeUnicode(properties.ReadValueAsBytes()),
        TnefPropertyType.String8 => Decode(properties.ReadValueAsBytes(), message, codepage),
        TnefPropertyType.Binary or TnefPropertyType.Object => properties.ReadValueAsBytes(),
        TnefPropertyType.Long or TnefPropertyType.I2 => properties.ReadValueAsInt32(),
        TnefPropertyType.Boolean => properties.ReadValueAsBoolean(),
        TnefPropertyType.SysTime => properties.ReadValueAsDateTime(),
        _ => null,
    };

    private static string Decode(byte[] octets, TnefMessage message, int codepage)
    {
        if (Ascii.IsValid(octets) && codepage is not (1200 or 1201))
        {
            return Encoding.ASCII.GetString(octets).TrimEnd('\0');
        }

        message.Codepage ??= codepage;
        return message.Codepage == codepage ? StrictText.Decode(octets, codepage).TrimEnd('\0') : throw new TnefFormException("it names two code pages");
    }

    private void Attach(byte[] value, bool isObject, TnefAttachment attachment, int codepage)
    {
        if (value.Length > InterfaceLength && TnefLengths.IsTnef(value.AsSpan(InterfaceLength)))
        {
            // It is as deep as was measured, so that the stack holds it.
            var before = _properties;
            attachment.Add(Read(value.AsMemory(InterfaceLength), codepage));
            _properties = before;
        }
        else
        {
            attachment.Add(isObject && value.Length >= InterfaceLength ? value[InterfaceLength..] : value);
        }
    }

    private void Finish(TnefMessage message, List<byte[]> plains, int codepage)
    {
        var properties = message.Properties;
        if (properties.All(TnefIds.ClientSubmitTime).Count == 0 && message.DateAttribute is { } sent)
        {
            // Of a place that nobody names.
            properties.Add(default, TnefIds.ClientSubmitTime, sent);
        }

        message.MessageClass = MessageClasses.Modern(properties.Text(TnefIds.MessageClass) ?? message.MessageClass);
        BodyForms.Add(message, [.. plains.Select(plain => Decode(plain, message, codepage))], codepage, ref _left, cancellationToken);
        foreach (var attachment in message.Attachments)
        {
            message.Remains ??= attachment is { Octets: null, Message: null } ? "an attachment whose content is elsewhere"
                : attachment.HasSecond ? "a second content of an attachment"
                : attachment.Properties.IsOdd ? "a property that is not of its type, or there twice"
                : attachment.Message is { } inner ? RemainsOf(inner)
                : null;
        }

        message.Remains ??= properties.IsOdd ? "a property that is not of its type, or there twice" : null;
    }

    private static string? RemainsOf(TnefMessage inner) =>
        MessageClasses.IsNote(inner.MessageClass) && !MessageClasses.IsSealed(inner.MessageClass) ? inner.Remains ?? inner.TooLongForHeader : "an attached entry that is no mail";
}
