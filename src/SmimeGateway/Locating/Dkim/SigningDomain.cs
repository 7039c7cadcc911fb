using SmimeGateway.Certificates;
using SmimeGateway.Certificates.Dkim;
using SmimeGateway.Mime.Dkim;

namespace SmimeGateway.Locating.Dkim;

/// <summary>A domain with a selector and the key that goes with it.</summary>
public sealed class SigningDomain
{
    private const string From = "From";

    private readonly Func<DkimKeyFound> _find;

    internal SigningDomain(DkimOptions options, Func<DkimKeyFound> find)
    {
        Options = options;
        Domain = DomainName.TryNormalize(options.Domain, out var normalized) ? normalized : options.Domain;
        _find = find;
    }

    /// <summary>What the configuration says.</summary>
    public DkimOptions Options { get; }

    /// <summary>The domain in A-labels.</summary>
    public string Domain { get; }

    /// <summary>What is known of the key now.</summary>
    public DkimKeyFound Key => _find();

    /// <summary>Domain and selector, for people.</summary>
    public string Name => $"{Domain} ({Options.Selector})";

    /// <summary>Where its key is kept.</summary>
    public static DkimKeyPlace PlaceOf(DkimOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new DkimKeyPlace(options.Key.File, options.Key.Env);
    }

    /// <summary>Whether it may sign for authors in a domain, written with A-labels.</summary>
    public bool Covers(string authorDomain)
    {
        ArgumentNullException.ThrowIfNull(authorDomain);
        return authorDomain == Domain
            || (Options.Subdomains && authorDomain.Length > Domain.Length && authorDomain.EndsWith(Domain, StringComparison.Ordinal) && authorDomain[^(Domain.Length + 1)] == '.');
    }

    /// <summary>What its signatures cover. The author, nobody may exchange.</summary>
    public DkimTerms TermsFor(DkimKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return new DkimTerms(key.Algorithm, Domain, Options.Selector, [From, .. Options.Headers], [From, .. Options.Oversign]);
    }
}
