using System.Buffers;

namespace SmimeGateway.Mime;

/// <summary>
/// What can be read of an address list that breaks the syntax, such as one with semicolons, an unquoted comma in a name, or one mailbox that
/// is none. For questions where a mailbox too few does no harm: whom a signature is for is not among them, see <see cref="AddressList"/>.
/// </summary>
public static class BrokenAddressList
{
    private static readonly SearchValues<char> NoAtoms = SearchValues.Create(" \t\"\\()<>[],;:@");

    /// <summary>
    /// The mailboxes that stand in an unfolded field body between commas, semicolons and colons, by themselves or in angle brackets. What
    /// stands in quotes or comments, or behind a quote or a comment that does not end, is no mailbox.
    /// </summary>
    public static IReadOnlyList<Mailbox> Read(string headerBody)
    {
        ArgumentNullException.ThrowIfNull(headerBody);
        var found = new List<Mailbox>();
        int start = 0, bracket = -1, depth = 0;
        var isQuoted = false;
        for (var at = 0; at < headerBody.Length; at++)
        {
            switch (headerBody[at])
            {
                case '\\' when isQuoted || depth > 0:
                    at++;
                    break;
                case '"' when depth == 0:
                    isQuoted = !isQuoted;
                    break;
                case '(' when !isQuoted:
                    depth++;
                    break;
                case ')' when !isQuoted && depth > 0:
                    depth--;
                    break;
                case '<' when !isQuoted && depth == 0:
                    bracket = at;
                    break;
                case ',' or ';' or ':' when !isQuoted && depth == 0:
                    Add(found, headerBody, start, bracket, at);
                    (start, bracket) = (at + 1, -1);
                    break;
            }
        }

        if (!isQuoted && depth == 0)
        {
            Add(found, headerBody, start, bracket, headerBody.Length);
        }

        return found;
    }

    private static void Add(List<Mailbox> found, string body, int start, int bracket, int end)
    {
        var piece = body[start..end];
        var bracketed = bracket < 0 ? piece : body[bracket..end];
        if (AddressList.TryParse(piece, out var mailboxes)
            || AddressList.TryParse(bracketed, out mailboxes)
            || AddressList.TryParse(QuoteDots(bracketed.Trim()), out mailboxes))
        {
            found.AddRange(mailboxes);
        }
    }

    // Dots stand anywhere in addresses that large providers gave to people; the grammar wants them in quotes.
    private static string QuoteDots(string text)
    {
        text = text is ['<', .. var inside, '>'] ? inside : text;
        var at = text.IndexOf('@', StringComparison.Ordinal);
        return at > 0 && text.AsSpan(0, at).IndexOfAny(NoAtoms) < 0 ? $"\"{text[..at]}\"{text[at..]}" : text;
    }
}
