namespace SmimeGateway.Protecting.Tnef.Rtf;

/// <summary>One token of RTF.</summary>
/// <param name="kind">What it is.</param>
/// <param name="word">The letters of a control word, or the one character of a control symbol.</param>
/// <param name="number">The number behind a control word; the octet of \'xx.</param>
/// <param name="octets">The octets of a text.</param>
internal readonly ref struct RtfToken(RtfTokenKind kind, string word, int? number, ReadOnlySpan<byte> octets)
{
    public RtfTokenKind Kind { get; } = kind;

    public string Word { get; } = word;

    public int? Number { get; } = number;

    public ReadOnlySpan<byte> Octets { get; } = octets;
}

/// <summary>The kinds of token.</summary>
internal enum RtfTokenKind
{
    /// <summary>{</summary>
    GroupStart,

    /// <summary>}</summary>
    GroupEnd,

    /// <summary>A backslash with a word, or with a character that is no letter.</summary>
    Control,

    /// <summary>\'xx</summary>
    Octet,

    /// <summary>Anything else.</summary>
    Text,
}
