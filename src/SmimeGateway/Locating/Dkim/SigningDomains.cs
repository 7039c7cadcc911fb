using System.Net;
using SmimeGateway.Certificates;
using SmimeGateway.Certificates.Dkim;
using SmimeGateway.Deciding;

namespace SmimeGateway.Locating.Dkim;

/// <summary>The domains that sign mail, with their keys.</summary>
public sealed class SigningDomains : IAsyncDisposable
{
    private readonly DkimKeyFiles _keys;
    private readonly SigningDomain[] _domains;

    private SigningDomains(IReadOnlyList<DkimOptions> options, DkimKeyFiles keys)
    {
        _keys = keys;
        _domains = [.. options.Select(entry => new SigningDomain(entry, () => keys.Find(SigningDomain.PlaceOf(entry))))];
    }

    /// <summary>True when nothing is ever signed.</summary>
    public bool IsEmpty => _domains.Length == 0;

    /// <summary>All of them, in the order of the configuration.</summary>
    public IReadOnlyList<SigningDomain> All => _domains;

    /// <summary>Opens the keys.</summary>
    /// <param name="options">The configured entries.</param>
    /// <param name="time">The clock.</param>
    /// <param name="previous">The domains until now, whose keys stay known; null at the start.</param>
    public static SigningDomains Open(IReadOnlyList<DkimOptions> options, TimeProvider time, SigningDomains? previous = null)
    {
        ArgumentNullException.ThrowIfNull(options);
#pragma warning disable CA2000 // Closed with the domains.
        return new SigningDomains(options, new DkimKeyFiles(options.Select(SigningDomain.PlaceOf), time, previous?._keys));
#pragma warning restore CA2000
    }

    /// <summary>
    /// Who signs for the author of a message: the entries of the author's domain, or of the nearest domain above it that signs for those below.
    /// Nobody does for an author whom not every program sees alike, whom the client may not use, or whom he may use only as he may everybody.
    /// </summary>
    /// <param name="authorship">Who wrote it.</param>
    /// <param name="grants">Who may use which address.</param>
    /// <param name="client">Who sends it.</param>
    /// <param name="user">Who is logged in; null where nobody is.</param>
    public DomainChoice For(Authorship authorship, SenderGrants grants, IPAddress client, string? user)
    {
        ArgumentNullException.ThrowIfNull(grants);
        ArgumentNullException.ThrowIfNull(authorship);
        if (authorship.FindDoubtInFrom(path => grants.Covers(path, client, user)) is { } doubt)
        {
            return DomainChoice.Nobody(doubt.ToString());
        }

        var authors = authorship.Authors.Select(ComparableAddress.Of).ToList();
        return authors.Exists(author => !author.IsNormal) ? DomainChoice.Nobody("servers read its author in different ways")
            : authorship.Authors.FirstOrDefault(author => !grants.CoversByName(author, client, user)) is { } anybody
                ? DomainChoice.Nobody($"senders lets the client write as {anybody} by an entry for all domains alone, by which it may hand in what others wrote")
            : authors.DistinctBy(author => author.Domain).Count() > 1 ? DomainChoice.Nobody("its authors are of several domains")
            : ForDomain(authors[0].Domain);
    }

    /// <summary>Who signs for the gateway's own mail.</summary>
    public DomainChoice ForHost(string hostName) =>
        DomainName.TryNormalize(hostName, out var domain) ? ForDomain(domain) : DomainChoice.Nobody("the gateway's name is no domain");

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _keys.DisposeAsync();

    private DomainChoice ForDomain(string author)
    {
        var covering = _domains.Where(domain => domain.Covers(author)).ToList();
        var nearest = covering.Count == 0 ? 0 : covering.Max(domain => domain.Domain.Length);
        return covering.Count == 0
            ? DomainChoice.Nobody($"no entry is for {author}")
            : new DomainChoice([.. covering.Where(domain => domain.Domain.Length == nearest)], Reason: null);
    }
}

/// <summary>Who signs a message.</summary>
/// <param name="Domains">The entries, each of which makes a signature; empty where nobody does.</param>
/// <param name="Reason">Why nobody does.</param>
public sealed record DomainChoice(IReadOnlyList<SigningDomain> Domains, string? Reason)
{
    internal static DomainChoice Nobody(string reason) => new([], reason);
}
