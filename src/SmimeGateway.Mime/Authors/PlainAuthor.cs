using System.Buffers;

namespace SmimeGateway.Mime.Authors;

/// <summary>
/// The form that most mail has: one address of ASCII, with or without a name of ASCII words or a quoted one. No program can read it in two
/// ways, so none of the ways has to be tried.
/// </summary>
internal static class PlainAuthor
{
    // Longer ones may fit no line.
    private const int MaxLength = 320;

    private static readonly SearchValues<char> Words = Besides(" ");
    private static readonly SearchValues<char> Quotable = Besides(" .,");
    private static readonly SearchValues<char> Local = Besides(".+");
    private static readonly SearchValues<char> Domain = Besides(".");

    /// <summary>The mailbox of an unfolded field body in that form; false for all others.</summary>
    public static bool TryRead(string body, out Mailbox mailbox)
    {
        mailbox = null!;
        var address = body.AsSpan();
        var name = ReadOnlySpan<char>.Empty;
        if (address.Length > MaxLength)
        {
            return false;
        }

        if (address is [.., '>'])
        {
            var open = address.IndexOf('<');
            if (open < 0 || !TryReadName(address[..open], out name))
            {
                return false;
            }

            address = address[(open + 1)..^1];
        }

        var at = address.IndexOf('@');
        if (at < 0 || !IsDotted(address[..at], Local) || !IsDotted(address[(at + 1)..], Domain))
        {
            return false;
        }

        mailbox = new Mailbox(name.ToString(), address[..at].ToString(), address[(at + 1)..].ToString());
        return true;
    }

    private static bool TryReadName(ReadOnlySpan<char> written, out ReadOnlySpan<char> name)
    {
        name = written;
        if (written.IsEmpty)
        {
            return true;
        }

        if (written[^1] != ' ')
        {
            return false;
        }

        name = written[..^1];
        var isQuoted = name is ['"', _, .., '"'];
        name = isQuoted ? name[1..^1] : name;
        return name is [not ' ', ..] and [.., not ' '] && !name.ContainsAnyExcept(isQuoted ? Quotable : Words) && !name.Contains("  ", StringComparison.Ordinal);
    }

    private static bool IsDotted(ReadOnlySpan<char> part, SearchValues<char> allowed) =>
        part is [not '.', ..] and [.., not '.'] && !part.ContainsAnyExcept(allowed) && !part.Contains("..", StringComparison.Ordinal);

    private static SearchValues<char> Besides(string others) =>
        SearchValues.Create($"{others}-_ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789");
}
