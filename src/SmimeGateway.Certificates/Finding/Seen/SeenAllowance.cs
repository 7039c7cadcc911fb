namespace SmimeGateway.Certificates.Finding.Seen;

/// <summary>
/// How many new certificates are kept in a day. Whoever owns a domain may have certificates for as many addresses of it as he likes, and must
/// not push out those of everybody else with them.
/// </summary>
internal sealed class SeenAllowance(TimeProvider time)
{
    /// <summary>Of all domains together, a tenth of what is kept.</summary>
    public const int InAll = 10_000;

    /// <summary>Of a domain with all below it, as its owner makes those at will. A large company writes with as many signatures within days.</summary>
    public const int OfDomain = 1_000;

    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private readonly Dictionary<string, int> _ofDomain = new(StringComparer.Ordinal);
    private DateTimeOffset _since = time.GetUtcNow();
    private int _inAll;

    /// <summary>Takes room for a certificate of an address, if there is some left today. For one thread at a time.</summary>
    /// <param name="address">The address in the form in which addresses are compared.</param>
    public bool TryTake(string address)
    {
        var now = time.GetUtcNow();
        if (now - _since >= Day || now < _since)
        {
            _ofDomain.Clear();
            _inAll = 0;
            _since = now;
        }

        var domain = DomainOf(address);
        var ofDomain = _ofDomain.GetValueOrDefault(domain);
        if (_inAll >= InAll || ofDomain >= OfDomain)
        {
            return false;
        }

        _ofDomain[domain] = ofDomain + 1;
        _inAll++;
        return true;
    }

    // The last two labels, which under endings such as co.uk many share: there only the room is tighter.
    private static string DomainOf(string address)
    {
        var domain = address[(address.LastIndexOf('@') + 1)..];
        var last = domain.LastIndexOf('.');
        var before = last > 0 ? domain.LastIndexOf('.', last - 1) : -1;
        return domain[(before + 1)..];
    }
}
