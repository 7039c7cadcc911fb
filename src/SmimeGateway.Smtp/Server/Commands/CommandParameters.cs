using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace SmimeGateway.Smtp.Server.Commands;

/// <summary>The esmtp-params of MAIL and RCPT (RFC 5321 section 4.1.2), as far as an announced extension defines them.</summary>
internal readonly record struct CommandParameters
{
    // RFC 1870 section 3 gives SIZE at most 20 digits.
    private const int MaxSizeDigits = 20;

    private static readonly SearchValues<byte> KeywordText =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-"u8);

    /// <summary>SIZE (RFC 1870), or null.</summary>
    public long? Size { get; init; }

    /// <summary>BODY (RFC 6152), or null.</summary>
    public BodyType? Body { get; init; }

    /// <summary>SMTPUTF8 (RFC 6531).</summary>
    public bool SmtpUtf8 { get; init; }

    /// <summary>RET (RFC 3461).</summary>
    public ReturnedContent Return { get; init; }

    /// <summary>ENVID (RFC 3461) as received, or null.</summary>
    public string? EnvelopeId { get; init; }

    /// <summary>True when there was an AUTH (RFC 4954 section 5). Whom it names is not kept: nobody is trusted to say so.</summary>
    public bool HasAuthor { get; init; }

    /// <summary>NOTIFY (RFC 3461).</summary>
    public Notify Notify { get; init; }

    /// <summary>ORCPT (RFC 3461) as received; null where there is none, or a malformed one, which costs a report a detail and not the mail.</summary>
    public string? OriginalRecipient { get; init; }

    /// <summary>Reads what follows the path of a command. Returns the reply that refuses it, or null.</summary>
    public static SmtpReply? Read(SmtpVerb verb, ReadOnlySpan<byte> text, out CommandParameters parameters)
    {
        parameters = default;
        if (text is not ([] or [(byte)' ', ..]))
        {
            return Replies.ParameterSyntax;
        }

        foreach (var range in text.Split((byte)' '))
        {
            var parameter = text[range];
            if (!parameter.IsEmpty && Add(verb, parameter, ref parameters) is { } refusal)
            {
                return refusal;
            }
        }

        return null;
    }

    private static SmtpReply? Add(SmtpVerb verb, ReadOnlySpan<byte> parameter, ref CommandParameters parameters)
    {
        var equals = parameter.IndexOf((byte)'=');
        var keyword = equals < 0 ? parameter : parameter[..equals];
        var value = equals < 0 ? [] : parameter[(equals + 1)..];
        if (verb == SmtpVerb.Rcpt && Ascii.EqualsIgnoreCase(keyword, "ORCPT"u8))
        {
            parameters = parameters with { OriginalRecipient = parameters.OriginalRecipient ?? DsnParameters.ReadOriginalRecipient(value) };
            return null;
        }

        if (keyword.IsEmpty || keyword[0] == (byte)'-' || keyword.ContainsAnyExcept(KeywordText)
            || (equals >= 0 && (value.IsEmpty || value.Contains((byte)'='))))
        {
            return Replies.ParameterSyntax;
        }

        var isValid = verb == SmtpVerb.Mail ? AddToMail(keyword, value, ref parameters) : AddToRcpt(keyword, value, ref parameters);
        return isValid is null ? Replies.UnknownParameter : isValid.Value ? null : Replies.ParameterSyntax;
    }

    // Every parameter may come once. Null for one that is not known.
    private static bool? AddToMail(ReadOnlySpan<byte> keyword, ReadOnlySpan<byte> value, ref CommandParameters parameters)
    {
        var before = parameters;
        if (Ascii.EqualsIgnoreCase(keyword, "SIZE"u8))
        {
            parameters = before with { Size = ReadSize(value) };
            return before.Size is null && parameters.Size is not null;
        }

        if (Ascii.EqualsIgnoreCase(keyword, "BODY"u8))
        {
            parameters = before with { Body = ReadBody(value) };
            return before.Body is null && parameters.Body is not null;
        }

        if (Ascii.EqualsIgnoreCase(keyword, "SMTPUTF8"u8))
        {
            parameters = before with { SmtpUtf8 = true };
            return !before.SmtpUtf8 && value.IsEmpty;
        }

        if (Ascii.EqualsIgnoreCase(keyword, "RET"u8))
        {
            parameters = before with { Return = DsnParameters.ReadReturn(value) };
            return before.Return == ReturnedContent.Unspecified && parameters.Return != ReturnedContent.Unspecified;
        }

        if (Ascii.EqualsIgnoreCase(keyword, "ENVID"u8))
        {
            parameters = before with { EnvelopeId = DsnParameters.ReadEnvelopeId(value) };
            return before.EnvelopeId is null && parameters.EnvelopeId is not null;
        }

        if (Ascii.EqualsIgnoreCase(keyword, "AUTH"u8))
        {
            parameters = before with { HasAuthor = true };
            return !before.HasAuthor && DsnParameters.IsAuthor(value);
        }

        return null;
    }

    private static bool? AddToRcpt(ReadOnlySpan<byte> keyword, ReadOnlySpan<byte> value, ref CommandParameters parameters)
    {
        var before = parameters;
        if (Ascii.EqualsIgnoreCase(keyword, "NOTIFY"u8))
        {
            parameters = before with { Notify = DsnParameters.ReadNotify(value) };
            return before.Notify == Notify.None && parameters.Notify != Notify.None;
        }

        return null;
    }

    private static long? ReadSize(ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty || value.Length > MaxSizeDigits || value.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
        {
            return null;
        }

        // What does not fit a long exceeds every limit anyway.
        return Utf8Parser.TryParse(value, out long size, out _) ? size : long.MaxValue;
    }

    private static BodyType? ReadBody(ReadOnlySpan<byte> value) =>
        Ascii.EqualsIgnoreCase(value, "8BITMIME"u8) ? BodyType.EightBitMime
        : Ascii.EqualsIgnoreCase(value, "7BIT"u8) ? BodyType.SevenBit
        : null;
}
