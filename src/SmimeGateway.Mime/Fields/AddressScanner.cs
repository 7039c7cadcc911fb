using System.Text;

namespace SmimeGateway.Mime.Fields;

/// <summary>The lexical tokens of addresses (RFC 5322 section 3.2): comments, atoms, quoted strings, domain literals.</summary>
internal ref struct AddressScanner(string text)
{
    private readonly string _text = text;

    public int Position { get; private set; }

    public readonly bool IsAtEnd => Position >= _text.Length;

    public readonly char Current => _text[Position];

    public bool TrySkip(char expected)
    {
        if (IsAtEnd || Current != expected)
        {
            return false;
        }

        Position++;
        return true;
    }

    /// <summary>CFWS; false where a comment does not end.</summary>
    public bool TrySkipBlanksAndComments()
    {
        var depth = 0;
        while (!IsAtEnd)
        {
            var character = Current;
            if (depth == 0 && character != '(' && !AddressSyntax.IsBlank(character))
            {
                return true;
            }

            if (!AddressSyntax.IsPrintable(character))
            {
                return false;
            }

            if (character == '\\')
            {
                Position++;
                if (IsAtEnd || !AddressSyntax.IsPrintable(Current))
                {
                    return false;
                }
            }

            depth += character switch { '(' => 1, ')' => -1, _ => 0 };
            Position++;
        }

        return depth == 0;
    }

    /// <summary>Words with dots, blanks and comments between them, up to the character that decides what they are.</summary>
    public bool TryReadWords(out AddressWords words)
    {
        words = default;
        var localPart = new StringBuilder();
        var phrase = new StringBuilder();
        var expectsWord = true;
        var isLocalPart = true;
        while (!IsAtEnd && Current is not ('<' or '@' or ':'))
        {
            if (TrySkip('.'))
            {
                isLocalPart &= !expectsWord;
                expectsWord = true;
                localPart.Append('.');
                phrase.Append('.');
            }
            else
            {
                var start = phrase.Length;
                if (!TryReadWord(phrase))
                {
                    return false;
                }

                isLocalPart &= expectsWord;
                expectsWord = false;
                localPart.Append(phrase, start, phrase.Length - start);
            }

            var before = Position;
            if (!TrySkipBlanksAndComments())
            {
                return false;
            }

            if (Position > before)
            {
                phrase.Append(' ');
            }
        }

        words = new AddressWords(localPart.ToString(), isLocalPart && !expectsWord, phrase.ToString().Trim());
        return true;
    }

    /// <summary>dot-atom, obs-domain or domain-literal, with comments around; the comments are left out of the result.</summary>
    public bool TryReadDomain(out string domain)
    {
        domain = string.Empty;
        if (!TrySkipBlanksAndComments() || IsAtEnd)
        {
            return false;
        }

        var read = new StringBuilder();
        if (Current == '[')
        {
            if (!TryReadLiteral(read) || !TrySkipBlanksAndComments())
            {
                return false;
            }

            domain = read.ToString();
            return true;
        }

        while (true)
        {
            if (!TryReadAtom(read) || !TrySkipBlanksAndComments())
            {
                return false;
            }

            if (!TrySkip('.'))
            {
                domain = read.ToString();
                return true;
            }

            read.Append('.');
            if (!TrySkipBlanksAndComments())
            {
                return false;
            }
        }
    }

    private bool TryReadWord(StringBuilder word)
    {
        if (Current == '"')
        {
            return TryReadQuoted(word);
        }

        // Senders leave commas and other specials in encoded words although they may not (RFC 2047 section 5, rule 3).
        if (EncodedWords.TryFindEnd(_text, Position, out var end))
        {
            word.Append(_text, Position, end - Position);
            Position = end;
            return true;
        }

        return TryReadAtom(word);
    }

    private bool TryReadAtom(StringBuilder atom)
    {
        var start = Position;
        while (!IsAtEnd && AddressSyntax.IsAtomCharacter(Current))
        {
            Position++;
        }

        atom.Append(_text, start, Position - start);
        return Position > start;
    }

    private bool TryReadQuoted(StringBuilder quoted)
    {
        Position++;
        while (!IsAtEnd)
        {
            var character = _text[Position++];
            if (character == '"')
            {
                return true;
            }

            if (character == '\\')
            {
                if (IsAtEnd)
                {
                    return false;
                }

                character = _text[Position++];
            }

            if (!AddressSyntax.IsPrintable(character))
            {
                return false;
            }

            quoted.Append(character);
        }

        return false;
    }

    private bool TryReadLiteral(StringBuilder literal)
    {
        Position++;
        literal.Append('[');
        while (!IsAtEnd)
        {
            var character = _text[Position++];
            if (character == ']')
            {
                literal.Append(']');
                return true;
            }

            if (character == '[' || !AddressSyntax.IsPrintable(character))
            {
                return false;
            }

            // Blanks may be folded into a literal and mean nothing there; quoted pairs are obs-dtext.
            if (character == '\\' && !IsAtEnd)
            {
                character = _text[Position++];
                if (!AddressSyntax.IsPrintable(character))
                {
                    return false;
                }
            }

            if (!AddressSyntax.IsBlank(character))
            {
                literal.Append(character);
            }
        }

        return false;
    }
}

/// <summary>Words and dots read in a row: a display name, or a local part where dots separate the words properly.</summary>
/// <param name="LocalPart">The words without quotes, joined by their dots.</param>
/// <param name="IsLocalPart">Whether they form a local part: words with one dot between each two (RFC 5322 section 3.4.1).</param>
/// <param name="Phrase">The words without quotes, with a blank between those that a blank separated, and encoded words still encoded.</param>
internal readonly record struct AddressWords(string LocalPart, bool IsLocalPart, string Phrase)
{
    /// <summary>The name shown to people; a lone quoted string is taken as it is, so that quoting really does prevent decoding.</summary>
    public string DisplayName(string text, int start) =>
        text[start] == '"' && !Phrase.Contains("=?", StringComparison.Ordinal) ? Phrase : EncodedWords.Decode(Phrase);
}
