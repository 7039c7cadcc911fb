using SmimeGateway.Smtp;

namespace SmimeGateway.Deciding.Patterns;

/// <summary>
/// A pattern for addresses: <c>*</c> stands for any run of characters, <c>?</c> for one, and <c>&lt;&gt;</c> is the null sender, which nothing
/// else matches: a rule for <c>*</c> must not catch bounces. Pattern and address are compared in the form of
/// <see cref="ComparableAddress"/>, so a mailbox matches however it is written; a label with a wildcard matches the domain as people read it
/// or its A-label.
/// </summary>
public sealed class AddressPattern
{
    private static readonly char[] Joints = ['*', '?', '@'];

    private readonly WildcardPattern? _localPart;
    private readonly WildcardPattern? _written;
    private readonly WildcardPattern? _read;
    private readonly string[] _forms = [];

    private AddressPattern(string text)
    {
        Text = text;
        Form = text;
        MatchesNull = text == "<>";
        MatchesAll = text.Length > 0 && text.All(character => character == '*');
        var at = text.LastIndexOf('@');
        NamesDomain = at >= 0 ? text.AsSpan(at + 1).ContainsAnyExcept("*?.") : !WildcardPattern.HasWildcard(text) || EndsInDomain(text);
        var hasWildcard = WildcardPattern.HasWildcard(text);
        if (at < 0)
        {
            // Without a wildcard it is a name without a domain, such as postmaster.
            var whole = hasWildcard ? PatternForm.OfWhole(text) : new PatternForm(text, text);
            LiteralAddress = MatchesNull || hasWildcard ? null : text.ToLowerInvariant();
            (_written, _read, Form) = (WildcardPattern.Parse(whole.Written), WildcardPattern.Parse(whole.Read), whole.Read);
            _forms = MatchesNull ? [] : [whole.Written, whole.Read];
        }
        else if (PatternForm.OfLocalPart(text[..at]) is { } localPart && PatternForm.OfDomain(text[(at + 1)..]) is { } domain)
        {
            _localPart = WildcardPattern.Parse(localPart);
            LiteralDomain = WildcardPattern.HasWildcard(domain.Written) ? null : domain.Written;
            LiteralAddress = hasWildcard ? null : $"{localPart}@{domain.Written}";
            (_written, _read, Form) = (WildcardPattern.Parse(domain.Written), WildcardPattern.Parse(domain.Read), $"{localPart}@{domain.Read}");
            _forms = [$"{localPart}@{domain.Written}", Form];
        }
    }

    /// <summary>The pattern as configured.</summary>
    public string Text { get; }

    /// <summary>The pattern in the form of the addresses it is compared with, equal for patterns that differ in notation only.</summary>
    public string Form { get; }

    /// <summary>True for <c>&lt;&gt;</c>.</summary>
    public bool MatchesNull { get; }

    /// <summary>True for stars alone, which every address matches but the null one.</summary>
    internal bool MatchesAll { get; }

    /// <summary>False where the domain may be any, as in <c>*</c> and <c>*@*</c>: it tells who may use addresses, and not whose they are.</summary>
    public bool NamesDomain { get; }

    /// <summary>False when what the pattern names is no address, so that nothing can ever match.</summary>
    public bool CanMatch => _read is not null;

    /// <summary>The one address that matches, in its comparable form, or null when the pattern has a wildcard. An index key.</summary>
    public string? LiteralAddress { get; }

    /// <summary>The domain every match has, in its comparable form, or null when the domain has a wildcard. An index key.</summary>
    public string? LiteralDomain { get; }

    /// <summary>Reads a pattern. Every text is one; whether it can ever match is for the configuration check to say.</summary>
    public static AddressPattern Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new AddressPattern(text);
    }

    /// <summary>
    /// True when the address is one that matches, and not only may be taken for one: who sends as it could be somebody else. Stars alone
    /// grant everything.
    /// </summary>
    public bool Grants(ComparableAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return (address.IsNormal || MatchesAll) && Matches(address);
    }

    /// <summary>True when some address may match both patterns; false only where none can.</summary>
    public bool Meets(AddressPattern other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (MatchesNull || other.MatchesNull || MatchesAll || other.MatchesAll)
        {
            return MatchesNull == other.MatchesNull;
        }

        if (_written is null || other._written is null)
        {
            return false;
        }

        if (_localPart is null || other._localPart is null)
        {
            return WildcardPattern.Parse(Form).Meets(WildcardPattern.Parse(other.Form)) || IsPartOfALabel(Form) || IsPartOfALabel(other.Form);
        }

        return _localPart.Meets(other._localPart)
            && (LiteralDomain is { } domain && other.LiteralDomain is { } otherDomain ? domain == otherDomain : MeetsDomain(other));
    }

    /// <summary>True when the path's address matches.</summary>
    public bool Matches(MailPath path) => Matches(ComparableAddress.Of(path));

    /// <summary>True when the address, as it is written, matches; the empty address is the null sender.</summary>
    public bool Matches(string address) => Matches(ComparableAddress.Of(address));

    /// <summary>True when the address matches, or may be taken for one that does: a rule that encrypts does not ask whose reading is right.</summary>
    public bool Matches(ComparableAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (address.IsNull || MatchesNull || MatchesAll)
        {
            return address.IsNull ? MatchesNull : MatchesAll;
        }

        if (_written is null || _read is null)
        {
            return false;
        }

        // The local part may hold an at sign, over which no wildcard reaches: "a@b"@c is an address of c.
        return _localPart is null
            ? _written.Matches(address.Text) || _read.Matches(address.UnicodeText)
            : _localPart.Matches(address.LocalPart)
                && (LiteralDomain is { } domain ? domain == address.Domain : HasDomain(address));
    }

    /// <summary>
    /// Whether an address that matches may be read in a text of which nobody knows how it is read: all that the pattern is sure of stands in it.
    /// </summary>
    /// <param name="shows">Tells whether the text may show another one.</param>
    public bool MayMatchIn(Predicate<string> shows) =>
        Array.Exists(_forms, form => Array.TrueForAll(form.Split(Joints, StringSplitOptions.RemoveEmptyEntries), shows));

    /// <inheritdoc/>
    public override string ToString() => Text;

    private bool MeetsDomain(AddressPattern other) =>
        _written!.Meets(other._written!) || _written.Meets(other._read!) || _read!.Meets(other._written!) || _read.Meets(other._read!)
        || IsPartOfALabel(Form) || IsPartOfALabel(other.Form);

    // What a piece of an A-label stands for as people read it, nobody can tell.
    private static bool IsPartOfALabel(string form) => form.Contains("xn--", StringComparison.OrdinalIgnoreCase);

    private bool HasDomain(ComparableAddress address) =>
        address.Domain.Length > 0 && (_written!.Matches(address.Domain) || _read!.Matches(address.UnicodeDomain));

    // "*example.com" ends in one; "info*" and "*a*" name none.
    private static bool EndsInDomain(string text)
    {
        var end = text.AsSpan(text.AsSpan().LastIndexOfAny('*', '?') + 1).TrimStart('.');
        return end.Contains('.') && !end.EndsWith(".");
    }
}
