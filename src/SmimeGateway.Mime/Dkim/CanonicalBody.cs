using System.Security.Cryptography;

namespace SmimeGateway.Mime.Dkim;

/// <summary>The hash of a message body as DKIM signs it (RFC 6376 sections 3.4.3 to 3.4.5). Nothing of the body's size is allocated.</summary>
public static class CanonicalBody
{
    private const byte Blank = (byte)' ';
    private const byte Tab = (byte)'\t';
    private const byte Return = (byte)'\r';
    private const byte Feed = (byte)'\n';

    /// <summary>Hashes a body.</summary>
    /// <param name="body">All behind the empty line that ends the header.</param>
    /// <param name="form">What does not count.</param>
    /// <param name="algorithm">The hash.</param>
    /// <param name="length">How many octets of the canonical form count (the tag l); null for all.</param>
    public static byte[] Digest(ReadOnlySpan<byte> body, Canonicalization form, HashAlgorithmName algorithm, long? length = null)
    {
        using var hash = IncrementalHash.CreateHash(algorithm);
        var sink = new Sink(hash, length ?? long.MaxValue, stackalloc byte[1024]);
        if (form == Canonicalization.Simple)
        {
            while (body.EndsWith("\r\n"u8))
            {
                body = body[..^2];
            }

            sink.Add(body);
            sink.Add("\r\n"u8);
        }
        else if (TrimEnd(body) is { IsEmpty: false } text)
        {
            AddRelaxed(text, ref sink);
            sink.Add("\r\n"u8);
        }

        sink.Flush();
        return hash.GetHashAndReset();
    }

    // Lines of blanks alone are empty ones once blanks at line ends do not count.
    private static ReadOnlySpan<byte> TrimEnd(ReadOnlySpan<byte> body)
    {
        while (true)
        {
            var text = body.TrimEnd(" \t"u8);
            text = text.EndsWith("\r\n"u8) ? text[..^2] : text;
            if (text.Length == body.Length)
            {
                return body;
            }

            body = text;
        }
    }

    private static void AddRelaxed(ReadOnlySpan<byte> text, ref Sink sink)
    {
        // What begins here and ends before the next blank that does not stay as it is has not been added yet.
        var from = 0;
        var at = 0;
        while (text[at..].IndexOfAny(Blank, Tab) is var step and >= 0)
        {
            var first = at + step;
            var behind = first + 1;
            while (behind < text.Length && text[behind] is Blank or Tab)
            {
                behind++;
            }

            at = behind;
            var endsLine = behind + 1 < text.Length && text[behind] == Return && text[behind + 1] == Feed;
            if (behind == first + 1 && text[first] == Blank && !endsLine)
            {
                continue;
            }

            sink.Add(text[from..first]);
            if (!endsLine)
            {
                sink.Add(" "u8);
            }

            from = behind;
        }

        sink.Add(text[from..]);
    }

    // Small pieces are collected: each call of the hash leaves the runtime.
    private ref struct Sink(IncrementalHash hash, long left, Span<byte> collected)
    {
        private readonly Span<byte> _collected = collected;
        private long _left = left;
        private int _count;

        public void Add(ReadOnlySpan<byte> octets)
        {
            octets = octets.Length > _left ? octets[..(int)_left] : octets;
            _left -= octets.Length;
            if (octets.Length > _collected.Length - _count)
            {
                Flush();
            }

            if (octets.Length > _collected.Length)
            {
                hash.AppendData(octets);
                return;
            }

            octets.CopyTo(_collected[_count..]);
            _count += octets.Length;
        }

        public void Flush()
        {
            hash.AppendData(_collected[.._count]);
            _count = 0;
        }
    }
}
