using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace SmimeGateway.Smtp.Server;

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
        var before = parameters;
        var equals = parameter.IndexOf((byte)'=');
        var keyword = equals < 0 ? parameter : parameter[..equals];
        var value = equals < 0 ? [] : parameter[(equals + 1)..];
        if (keyword.IsEmpty || keyword[0] == (byte)'-' || keyword.ContainsAnyExcept(KeywordText)
            || (equals >= 0 && (value.IsEmpty || value.Contains((byte)'='))))
        {
            return Replies.ParameterSyntax;
        }

        // Every parameter may come once, and belongs to MAIL so far; what an extension adds to RCPT goes beside these rows.
        if (verb != SmtpVerb.Mail)
        {
            return Replies.UnknownParameter;
        }

        if (Ascii.EqualsIgnoreCase(keyword, "SIZE"u8))
        {
            parameters = before with { Size = ReadSize(value) };
            return before.Size is null && parameters.Size is not null ? null : Replies.ParameterSyntax;
        }

        if (Ascii.EqualsIgnoreCase(keyword, "BODY"u8))
        {
            parameters = before with { Body = ReadBody(value) };
            return before.Body is null && parameters.Body is not null ? null : Replies.ParameterSyntax;
        }

        if (Ascii.EqualsIgnoreCase(keyword, "SMTPUTF8"u8))
        {
            parameters = before with { SmtpUtf8 = true };
            return !before.SmtpUtf8 && equals < 0 ? null : Replies.ParameterSyntax;
        }

        return Replies.UnknownParameter;
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
