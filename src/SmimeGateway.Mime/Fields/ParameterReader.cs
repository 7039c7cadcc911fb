using System.Text;

namespace SmimeGateway.Mime.Fields;

/// <summary>Reads "value; name=value; ..." of Content-Type and Content-Disposition (RFC 2045 section 5.1), forgiving what mail gets wrong.</summary>
internal struct ParameterReader(string body)
{
    private readonly string _body = body;
    private int _position;
    private bool _hasMore;

    /// <summary>Whether nothing was passed over so far but blanks: no comment, and nothing that belongs to no parameter.</summary>
    public readonly bool IsClean => !_hasMore;

    /// <summary>How far it has read.</summary>
    public readonly int Position => _position;

    /// <summary>A token: up to a blank, a comment or one of the separators that the syntax gives a meaning.</summary>
    public string ReadToken()
    {
        SkipBlanksAndComments();
        var start = _position;
        while (_position < _body.Length && _body[_position] is not (' ' or '\t' or ';' or '=' or '/' or '(' or '"' or ','))
        {
            _position++;
        }

        return _body[start.._position];
    }

    public bool TrySkip(char expected)
    {
        SkipBlanksAndComments();
        if (_position >= _body.Length || _body[_position] != expected)
        {
            return false;
        }

        _position++;
        return true;
    }

    /// <summary>All parameters from here to the end; what is not name=value is skipped to the next semicolon.</summary>
    public ParameterList ReadParameters()
    {
        var written = new List<KeyValuePair<string, string>>();
        while (_position < _body.Length)
        {
            var name = ReadToken();
            if (name.Length > 0 && TrySkip('='))
            {
                written.Add(new(name, ReadValue()));
            }
            else
            {
                _hasMore |= name.Length > 0;
            }

            SkipBlanksAndComments();
            // To some programs a value without quotes reaches to the semicolon, blanks and all.
            _hasMore |= _position < _body.Length && _body[_position] != ';';
            // What is left here belongs to no parameter: a separator, or rubbish that is passed over octet by octet.
            if (_position < _body.Length && (name.Length == 0 || _body[_position] == ';'))
            {
                _position++;
            }
        }

        return written.Count == 0 ? ParameterList.Empty : new ParameterList(written);
    }

    private string ReadValue()
    {
        SkipBlanksAndComments();
        if (_position < _body.Length && _body[_position] == '"')
        {
            return ReadQuoted();
        }

        // Boundaries are often written with characters that would have to be quoted, so only a semicolon or a blank ends a value.
        var start = _position;
        while (_position < _body.Length && _body[_position] is not (' ' or '\t' or ';'))
        {
            _position++;
        }

        return _body[start.._position];
    }

    private string ReadQuoted()
    {
        var value = new StringBuilder();
        _position++;
        while (_position < _body.Length && _body[_position] != '"')
        {
            if (_body[_position] == '\\' && _position + 1 < _body.Length)
            {
                _position++;
            }

            value.Append(_body[_position++]);
        }

        _position = Math.Min(_position + 1, _body.Length);
        return value.ToString();
    }

    private void SkipBlanksAndComments()
    {
        var depth = 0;
        while (_position < _body.Length)
        {
            var character = _body[_position];
            if (character == '(')
            {
                _hasMore = true;
                depth++;
            }
            else if (depth > 0)
            {
                if (character == ')')
                {
                    depth--;
                }
                else if (character == '\\')
                {
                    _position++;
                }
            }
            else if (character is not (' ' or '\t' or '\r' or '\n'))
            {
                return;
            }

            _position++;
        }

        _position = Math.Min(_position, _body.Length);
    }
}
