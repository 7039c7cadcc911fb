using SmimeGateway.Host.Configuration.Reading;

namespace SmimeGateway.Host.Configuration.Binding;

/// <summary>Mail addresses and patterns of mail addresses. Finds the slips that make a pattern match nothing, not every fault of an address.</summary>
internal static class AddressText
{
    /// <summary>What stands for the null sender.</summary>
    public const string NullSender = "<>";

    // RFC 5321, 4.5.3.1.3.
    private const int MaxLength = 254;

    /// <summary>Checks an address without wildcards; null when it is one.</summary>
    public static Flaw? CheckAddress(string text) => text.AsSpan().ContainsAny('*', '?')
        ? new Flaw("an address is needed here, not a pattern", "Write one address, such as \"office@example.com\".")
        : text.LastIndexOf('@') <= 0 && !text.Equals("postmaster", StringComparison.OrdinalIgnoreCase)
            ? new Flaw("this is no whole address", $"Write all of it, such as \"{(text.Length > 0 && text[0] != '@' ? text : "office")}@example.com\".")
        : CheckPattern(text, mayBeNullSender: false);

    /// <summary>Checks a pattern; null when an address can match it.</summary>
    public static Flaw? CheckPattern(string text, bool mayBeNullSender)
    {
        if (text == NullSender)
        {
            return mayBeNullSender
                ? null
                : new Flaw("the null sender is no address here", "Remove it; only the sender of a rule can be \"<>\".");
        }

        if (text.Length > MaxLength)
        {
            return new Flaw($"no address is longer than {MaxLength} characters", "Shorten the pattern.");
        }

        if (text.AsSpan().ContainsAny('<', '>'))
        {
            return new Flaw("the address is in angle brackets", "Write it without < and >.");
        }

        if (text.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || c is ',' or ';'))
        {
            return new Flaw("an address has no blanks, commas or semicolons", "Write several addresses as a list: [\"a@example.com\", \"b@example.com\"].");
        }

        var at = text.LastIndexOf('@');
        if (at < 0)
        {
            return text.AsSpan().ContainsAny('*', '?') || text.Equals("postmaster", StringComparison.OrdinalIgnoreCase)
                ? null
                : new Flaw("the pattern has no @ and no wildcard", $"Write \"*@{text}\" for everybody of a domain, or a whole address.");
        }

        return at == 0
            ? new Flaw("nothing stands before the @", $"Write \"*{text}\" for everybody of that domain.")
            : CheckDomain(text.AsSpan(at + 1));
    }

    private static Flaw? CheckDomain(ReadOnlySpan<char> domain)
    {
        var isLiteral = domain.Length > 2 && domain[0] == '[' && domain[^1] == ']';
        if (isLiteral)
        {
            return null;
        }

        // A dot at the end is that of the root.
        domain = domain.Length > 1 && domain[^1] == '.' ? domain[..^1] : domain;
        var isMalformed = domain.IsEmpty || domain[0] == '.' || domain[^1] == '.' || domain.Contains("..", StringComparison.Ordinal);
        foreach (var c in domain)
        {
            isMalformed |= !(char.IsLetterOrDigit(c) || c > '\u007f' || c is '.' or '-' or '_' or '*' or '?');
        }

        return isMalformed ? new Flaw("what stands behind the @ is no domain", "Write a domain, such as \"*@example.com\".") : null;
    }
}
