using SmimeGateway.Smtp;

namespace SmimeGateway.Deciding;

/// <summary>
/// A pattern for addresses: <c>*</c> stands for any run of characters, <c>?</c> for one, letters compare without case, and
/// <c>&lt;&gt;</c> is the null sender, which nothing else matches: a rule for <c>*</c> must not catch bounces.
/// </summary>
public sealed class AddressPattern
{
    private readonly WildcardPattern _wildcard;

    private AddressPattern(string text)
    {
        Text = text;
        MatchesNull = text == "<>";
        _wildcard = WildcardPattern.Parse(text);

        var at = text.LastIndexOf('@');
        LiteralAddress = MatchesNull || WildcardPattern.HasWildcard(text) ? null : text.ToLowerInvariant();
        LiteralDomain = at < 0 || WildcardPattern.HasWildcard(text.AsSpan(at + 1)) ? null : text[(at + 1)..].ToLowerInvariant();
    }

    /// <summary>The pattern as configured.</summary>
    public string Text { get; }

    /// <summary>True for <c>&lt;&gt;</c>.</summary>
    public bool MatchesNull { get; }

    /// <summary>The one address that matches, in lower case, or null when the pattern has a wildcard. An index key.</summary>
    public string? LiteralAddress { get; }

    /// <summary>The domain every match has, in lower case, or null when the domain has a wildcard. An index key.</summary>
    public string? LiteralDomain { get; }

    /// <summary>Reads a pattern. Every text is one; whether it can ever match is for the configuration check to say.</summary>
    public static AddressPattern Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new AddressPattern(text);
    }

    /// <summary>True when the path's address matches.</summary>
    public bool Matches(MailPath path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return path.IsNull ? MatchesNull : Matches(path.Address);
    }

    /// <summary>True when the address matches; the empty address is the null sender.</summary>
    public bool Matches(string address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return address.Length == 0 ? MatchesNull : !MatchesNull && _wildcard.Matches(address);
    }

    /// <inheritdoc/>
    public override string ToString() => Text;
}
