using System.Buffers;
using System.Globalization;
using System.Text;

namespace SmimeGateway.Protecting.Tnef.Rtf;

/// <summary>Takes RTF apart into its tokens. Never fails: what is no token is text.</summary>
internal ref struct RtfTokens(ReadOnlySpan<byte> rtf)
{
    // No control word is longer (RTF 1.9.1).
    private const int MaxWord = 32;

    private static readonly SearchValues<byte> EndsOfText = SearchValues.Create("{}\\\r\n\0"u8);

    private ReadOnlySpan<byte> _rest = rtf;

    public bool TryTake(out RtfToken token)
    {
        // Line ends are for those who look at the source.
        _rest = _rest.TrimStart("\r\n\0"u8);
        token = default;
        if (_rest.IsEmpty)
        {
            return false;
        }

        token = (char)_rest[0] switch
        {
            '{' => TakeOne(RtfTokenKind.GroupStart),
            '}' => TakeOne(RtfTokenKind.GroupEnd),
            '\\' when _rest.Length > 1 => TakeControl(),
            _ => TakeText(),
        };
        return true;
    }

    private RtfToken TakeOne(RtfTokenKind kind)
    {
        _rest = _rest[1..];
        return new RtfToken(kind, string.Empty, number: null, default);
    }

    private RtfToken TakeText()
    {
        var end = _rest[1..].IndexOfAny(EndsOfText);
        var text = end < 0 ? _rest : _rest[..(end + 1)];
        _rest = _rest[text.Length..];
        return new RtfToken(RtfTokenKind.Text, string.Empty, number: null, text);
    }

    private RtfToken TakeControl()
    {
        var length = 0;
        while (length < MaxWord && length + 1 < _rest.Length && char.IsAsciiLetter((char)_rest[length + 1]))
        {
            length++;
        }

        if (length == 0)
        {
            return TakeSymbol();
        }

        var word = Encoding.ASCII.GetString(_rest.Slice(1, length));
        _rest = _rest[(1 + length)..];
        var digits = _rest.IsEmpty || _rest[0] != '-' ? 0 : 1;
        while (digits < _rest.Length && digits < 11 && char.IsAsciiDigit((char)_rest[digits]))
        {
            digits++;
        }

        int? number = int.TryParse(_rest[..digits], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var parsed) ? parsed : null;
        _rest = number is null ? _rest : _rest[digits..];

        // One blank belongs to the word.
        _rest = !_rest.IsEmpty && _rest[0] == ' ' ? _rest[1..] : _rest;
        if (word == "bin" && number > 0)
        {
            _rest = _rest[Math.Min(number.Value, _rest.Length)..];
        }

        return new RtfToken(RtfTokenKind.Control, word, number, default);
    }

    private RtfToken TakeSymbol()
    {
        var symbol = (char)_rest[1];
        if (symbol == '\'' && _rest.Length > 3 && char.IsAsciiHexDigit((char)_rest[2]) && char.IsAsciiHexDigit((char)_rest[3]))
        {
            var octet = Convert.FromHexString(Encoding.ASCII.GetString(_rest.Slice(2, 2)))[0];
            _rest = _rest[4..];
            return new RtfToken(RtfTokenKind.Octet, string.Empty, octet, default);
        }

        _rest = _rest[2..];
        return new RtfToken(RtfTokenKind.Control, symbol.ToString(), number: null, default);
    }
}
