using System.Text;

namespace SmimeGateway.Protecting.Tnef.Bodies;

/// <summary>What a text says to its reader, whatever its looks.</summary>
/// <param name="Text">Its characters, in lines.</param>
/// <param name="Asides">What is in it besides its words, in the order of the text.</param>
/// <param name="IsObscure">Whether parts of it may not be shown, or more than it says: it then says the same as no other text.</param>
/// <param name="HasPictures">Whether pictures are in it, which may say anything.</param>
internal sealed record SaidText(string Text, IReadOnlyList<Aside> Asides, bool IsObscure, bool HasPictures)
{
    /// <summary>Whether it has nothing to show.</summary>
    public bool IsNothing => !IsObscure && !HasPictures && string.IsNullOrWhiteSpace(Text);

    public static SaidText OfPlain(string text) => new(text, [], IsObscure: false, HasPictures: false);

    /// <summary>
    /// Whether both say the same: character for character but for white space, and without what programs leave out of a plain text.
    /// </summary>
    public bool IsSame(SaidText other)
    {
        if (IsObscure || other.IsObscure)
        {
            return false;
        }

        var (mine, theirs) = (Characters().GetEnumerator(), other.Characters().GetEnumerator());
        using (mine)
        using (theirs)
        {
            while (mine.MoveNext())
            {
                if (!theirs.MoveNext() || mine.Current != theirs.Current)
                {
                    return false;
                }
            }

            return !theirs.MoveNext();
        }
    }

    /// <summary>Whether all links and pictures of it are in another text.</summary>
    public bool HasAsidesWithin(SaidText other)
    {
        var theirs = other.Asides.Select(aside => (aside.Kind, aside.Name)).ToHashSet();
        return Asides.All(aside => aside.Kind is not (AsideKind.Link or AsideKind.Picture) || theirs.Contains((aside.Kind, aside.Name)));
    }

    /// <summary>
    /// Whether a plain text is this one as programs write it without its looks: each character of either is in the other, at the same place,
    /// but for white space and what is written for an aside. Where a file is attached, its name may stand as "&lt;&lt;name&gt;&gt;".
    /// </summary>
    /// <param name="plain">The plain text.</param>
    /// <param name="files">The names of what is attached.</param>
    public bool IsWrittenAs(string plain, IReadOnlySet<string> files)
    {
        if (IsObscure)
        {
            return false;
        }

        var (at, of, next) = (0, 0, 0);
        while (true)
        {
            SkipWhite(plain, ref at);
            SkipWhite(Text, ref of);
            if (next < Asides.Count && Asides[next].Position <= of)
            {
                var aside = Asides[next++];
                at += aside.WrittenAt(plain.AsSpan(at));
                of = Math.Max(of, aside.Position + aside.Length);
            }
            else if (at < plain.Length && of < Text.Length && plain[at] == Text[of])
            {
                (at, of) = (at + 1, of + 1);
            }
            else if (FileAt(plain, at, files) is var file and > 0)
            {
                at += file;
            }
            else
            {
                return at == plain.Length && of == Text.Length;
            }
        }
    }

    private static void SkipWhite(string text, ref int position)
    {
        while (position < text.Length && char.IsWhiteSpace(text[position]))
        {
            position++;
        }
    }

    private static int FileAt(string plain, int position, IReadOnlySet<string> files)
    {
        const int MaxName = 260;
        var rest = plain.AsSpan(position);
        var end = rest.StartsWith("<<") ? rest[..Math.Min(rest.Length, MaxName)].IndexOf(">>") : -1;
        return end > 2 && files.Contains(rest[2..end].Trim().ToString()) ? end + 2 : 0;
    }

    private IEnumerable<char> Characters()
    {
        var next = 0;
        for (var i = 0; i < Text.Length; i++)
        {
            while (next < Asides.Count && Asides[next].Position <= i)
            {
                i = Math.Max(i, Asides[next].Position + Asides[next].Length);
                next++;
            }

            if (i < Text.Length && !char.IsWhiteSpace(Text[i]))
            {
                yield return Text[i];
            }
        }
    }
}

/// <summary>Writes down what a text says while it is read.</summary>
internal sealed class SaidWriter
{
    // Who has more of them has a text that nobody reads.
    private const int MaxAsides = 100_000;

    private readonly StringBuilder _text = new();
    private readonly List<Aside> _asides = [];

    public int Length => _text.Length;

    public bool IsObscure { get; set; }

    public bool HasPictures { get; set; }

    public void Add(string text) => _text.Append(text);

    /// <summary>Ends a line, unless one has just ended.</summary>
    public void EndLine() => _text.Append(_text.Length > 0 && _text[^1] == '\n' ? string.Empty : "\r\n");

    public void Add(AsideKind kind, string name = "", string otherName = "") => Add(new Aside(kind, _text.Length, Length: 0, name, otherName));

    /// <summary>Whether a character stands at a place.</summary>
    public bool Has(char character, int position) => position < _text.Length && _text[position] == character;

    /// <summary>Takes what was written since a place for the sign before an entry of a list, where it is one.</summary>
    public void Mark(int start)
    {
        if (Aside.IsBullet(_text.ToString(start, _text.Length - start)))
        {
            Add(new Aside(AsideKind.Bullet, start, _text.Length - start));
        }
    }

    public SaidText ToText() => new(_text.ToString(), _asides, IsObscure, HasPictures);

    // In the order of the text: a sign begins before what was found in it.
    private void Add(Aside aside)
    {
        if (_asides.Count == MaxAsides)
        {
            IsObscure = true;
            return;
        }

        _asides.Insert(_asides.FindLastIndex(known => known.Position <= aside.Position) + 1, aside);
    }
}
