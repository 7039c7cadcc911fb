namespace SmimeGateway.Mime;

/// <summary>
/// What can be read of an address list that breaks the syntax, such as one with semicolons, an unquoted comma in a name, or one mailbox that
/// is none. For questions where a mailbox too few does no harm: whom a signature is for is not among them, see <see cref="AddressList"/>.
/// </summary>
public static class BrokenAddressList
{
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
        if (AddressList.TryParse(body[start..end], out var mailboxes) || (bracket >= 0 && AddressList.TryParse(body[bracket..end], out mailboxes)))
        {
            found.AddRange(mailboxes);
        }
    }
}
