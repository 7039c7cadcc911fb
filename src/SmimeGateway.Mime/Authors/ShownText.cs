using System.Runtime.InteropServices;
using System.Text;
using SmimeGateway.Mime.Fields;

namespace SmimeGateway.Mime.Authors;

/// <summary>What people are shown of a field body with encoded words (RFC 2047), by programs that decode it leniently.</summary>
/// <param name="Joined">The text with adjacent words decoded together.</param>
/// <param name="Separate">The text with each word decoded by itself, as others do.</param>
/// <param name="Octets">The ASCII in the octets of words in which it may be half a character to one and a sign to another; null without.</param>
/// <param name="Doubt">Why programs may be shown something else still, or null.</param>
internal sealed record ShownText(string Joined, string Separate, string? Octets, AuthorFault? Doubt)
{
    /// <summary>Decodes the body.</summary>
    public static ShownText Of(string body)
    {
        var start = body.IndexOf("=?", StringComparison.Ordinal);
        if (start < 0)
        {
            return new ShownText(body, body, Octets: null, Doubt: null);
        }

        AuthorFault? doubt = null;
        var separate = new StringBuilder(body.Length);
        var octets = new StringBuilder(body.Length);
        var charsets = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var hasOctets = false;
        var utf8 = new List<byte>();
        var position = 0;
        while (start >= 0)
        {
            if (!EncodedWords.TryReadParts(body, start, out var charset, out var encoding, out var payload, out var end))
            {
                doubt ??= new AuthorFault(AuthorFlaw.NoEncodedWord);
                start = body.IndexOf("=?", start + 2, StringComparison.Ordinal);
                continue;
            }

            doubt ??= !Charsets.IsReadAlike(charset) ? new AuthorFault(AuthorFlaw.OddCharset)
                : !EncodedWords.IsReadAlike(encoding, payload) ? new AuthorFault(AuthorFlaw.BrokenWord)
                : null;
            charsets.Add(charset);
            var decoded = EncodedWords.Decode(body[start..end]);
            separate.Append(body, position, start - position).Append(decoded);
            octets.Append(body, position, start - position);
            if (MultiByteWord.IsCharset(charset))
            {
                var word = EncodedWords.OctetsOf(encoding, payload);
                doubt ??= MultiByteWord.IsSound(charset, word) ? null : new AuthorFault(AuthorFlaw.OpenShift);
                octets.Append(MultiByteWord.AsciiIn(word));
                hasOctets = true;
            }
            else
            {
                if (Charsets.IsUtf8(charset))
                {
                    utf8.AddRange(EncodedWords.OctetsOf(encoding, payload));
                }

                octets.Append(decoded);
            }

            position = end;
            start = body.IndexOf("=?", end, StringComparison.Ordinal);
        }

        separate.Append(body, position, body.Length - position);
        octets.Append(body, position, body.Length - position);

        // A form may go on in the next word.
        doubt ??= OverlongForms.AreIn(CollectionsMarshal.AsSpan(utf8)) ? new AuthorFault(AuthorFlaw.OverlongForm) : null;
        var joined = EncodedWords.Decode(body);
        if (charsets.Count > 1 && joined.Contains('\uFFFD', StringComparison.Ordinal))
        {
            // To some two names are one charset, and two halves in two words one character.
            doubt ??= new AuthorFault(AuthorFlaw.HalfCharacter);
        }

        return new ShownText(joined, separate.ToString(), hasOctets ? octets.ToString() : null, doubt);
    }
}
