namespace SmimeGateway.Mime.Fields;

/// <summary>A reader of one address list, from left to right, each character once or twice.</summary>
internal ref struct AddressReader(string text)
{
    private readonly string _text = text;
    private AddressScanner _scanner = new(text);

    /// <summary>address-list of RFC 5322, with the empty elements of obs-addr-list.</summary>
    public bool TryReadList(List<Mailbox> mailboxes)
    {
        var isEmpty = true;
        while (true)
        {
            if (!_scanner.TrySkipBlanksAndComments())
            {
                return false;
            }

            if (_scanner.TrySkip(','))
            {
                continue;
            }

            if (_scanner.IsAtEnd)
            {
                return !isEmpty;
            }

            isEmpty = false;
            if (!TryReadAddress(mailboxes, isInGroup: false) || !IsAtSeparator(','))
            {
                return false;
            }
        }
    }

    private bool IsAtSeparator(char separator) =>
        _scanner.TrySkipBlanksAndComments() && (_scanner.IsAtEnd || _scanner.Current == ',' || _scanner.Current == separator);

    private bool TryReadAddress(List<Mailbox> mailboxes, bool isInGroup)
    {
        // Everything begins with words: a local part, a display name or the name of a group. What follows them decides.
        if (_scanner.Current == '<')
        {
            return TryReadAngle(string.Empty, mailboxes);
        }

        var start = _scanner.Position;
        if (!_scanner.TryReadWords(out var words))
        {
            return false;
        }

        if (_scanner.IsAtEnd)
        {
            return false;
        }

        switch (_scanner.Current)
        {
            case '<':
                return TryReadAngle(words.DisplayName(_text, start), mailboxes);
            case '@':
                return words.IsLocalPart && TryReadDomain(words.LocalPart, string.Empty, mailboxes);
            case ':' when !isInGroup:
                _scanner.TrySkip(':');
                return TryReadGroup(mailboxes);
            default:
                return false;
        }
    }

    private bool TryReadGroup(List<Mailbox> mailboxes)
    {
        while (true)
        {
            if (!_scanner.TrySkipBlanksAndComments() || _scanner.IsAtEnd)
            {
                return false;
            }

            if (_scanner.TrySkip(';'))
            {
                return true;
            }

            if (_scanner.TrySkip(','))
            {
                continue;
            }

            if (!TryReadAddress(mailboxes, isInGroup: true) || !IsAtSeparator(';'))
            {
                return false;
            }
        }
    }

    private bool TryReadAngle(string displayName, List<Mailbox> mailboxes)
    {
        _scanner.TrySkip('<');
        if (!_scanner.TrySkipBlanksAndComments() || !TrySkipRoute() || !_scanner.TryReadWords(out var words))
        {
            return false;
        }

        return words.IsLocalPart
            && !_scanner.IsAtEnd
            && _scanner.Current == '@'
            && TryReadDomain(words.LocalPart, displayName, mailboxes)
            && _scanner.TrySkip('>');
    }

    // obs-route: "@one,@two:" before the address, which RFC 5321 tells everybody to ignore.
    private bool TrySkipRoute()
    {
        var hasRoute = false;
        while (!_scanner.IsAtEnd && _scanner.Current is '@' or ',')
        {
            hasRoute = true;
            if (_scanner.TrySkip('@') ? !_scanner.TryReadDomain(out _) : !_scanner.TrySkip(','))
            {
                return false;
            }

            if (!_scanner.TrySkipBlanksAndComments())
            {
                return false;
            }
        }

        return !hasRoute || (_scanner.TrySkip(':') && _scanner.TrySkipBlanksAndComments());
    }

    private bool TryReadDomain(string localPart, string displayName, List<Mailbox> mailboxes)
    {
        _scanner.TrySkip('@');
        if (!_scanner.TryReadDomain(out var domain))
        {
            return false;
        }

        mailboxes.Add(new Mailbox(displayName, localPart, domain));
        return true;
    }
}
