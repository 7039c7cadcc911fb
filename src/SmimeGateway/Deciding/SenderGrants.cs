using System.Net;
using SmimeGateway.Deciding.Options;
using SmimeGateway.Deciding.Patterns;
using SmimeGateway.Smtp;

namespace SmimeGateway.Deciding;

/// <summary>
/// Who may use which address as sender. Nobody obtains another's signature: every mailbox of the header's From and the reverse path
/// must be granted to the client or user that sends.
/// </summary>
public sealed class SenderGrants
{
    private readonly Grant[] _grants;

    /// <summary>Parses the configured grants.</summary>
    public SenderGrants(IReadOnlyList<SenderOptions> options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _grants =
        [
            .. options.Select(sender => new Grant(
                [.. sender.Address.Select(AddressPattern.Parse)],
                [.. sender.Clients],
                [.. sender.Users.Select(WildcardPattern.Parse)])),
        ];
    }

    /// <summary>True when this client or user may send as the address; the null path needs no grant, as nobody is named by it.</summary>
    public bool Covers(MailPath path, IPAddress client, string? user)
    {
        ArgumentNullException.ThrowIfNull(path);
        return path.IsNull || Covers(path.Address, client, user);
    }

    /// <summary>
    /// True when an entry that names its domain lets this client or user send as the address. Whoever may use every address hands in what others
    /// wrote, and is no proof of whose it is.
    /// </summary>
    public bool CoversByName(MailPath path, IPAddress client, string? user)
    {
        ArgumentNullException.ThrowIfNull(path);
        var granted = ComparableAddress.Of(path.Address);
        return !path.IsNull && Array.Exists(_grants, grant => grant.Admits(client, user) && Array.Exists(grant.Addresses, pattern => pattern.NamesDomain && pattern.Grants(granted)));
    }

    /// <summary>
    /// Whether an address is one of ours: this client or user may use it, or it is granted to somebody in particular. Who may use every
    /// address makes none of them ours to others.
    /// </summary>
    public bool IsOurs(MailPath path, IPAddress client, string? user)
    {
        ArgumentNullException.ThrowIfNull(path);
        return !path.IsNull
            && (Covers(path, client, user) || Array.Exists(_grants, grant => !grant.IsForEverybody && Array.Exists(grant.Addresses, pattern => pattern.Matches(path))));
    }

    /// <summary>Whether the client or user may use every address there is, readable or not.</summary>
    public bool CoverEverything(IPAddress client, string? user) => Array.Exists(_grants, grant => grant.IsForEverybody && grant.Admits(client, user));

    /// <summary>The first address of envelope and header that the client or user may not use, or null when all are granted.</summary>
    public string? FindUngranted(Authorship authorship, IPAddress client, string? user)
    {
        ArgumentNullException.ThrowIfNull(authorship);
        return authorship.Authors.Prepend(authorship.ReversePath).FirstOrDefault(path => !Covers(path, client, user))?.Address;
    }

    private bool Covers(string address, IPAddress client, string? user)
    {
        var granted = ComparableAddress.Of(address);
        return Array.Exists(_grants, grant => grant.Admits(client, user) && Array.Exists(grant.Addresses, pattern => pattern.Grants(granted)));
    }

    private sealed record Grant(AddressPattern[] Addresses, IPNetwork[] Clients, WildcardPattern[] Users)
    {
        public bool IsForEverybody => Array.Exists(Addresses, pattern => pattern.MatchesAll);

        // A grant that lists neither clients nor users grants to everybody the listener let in; one that lists both is satisfied by
        // either, as an application without a login and a person with one may share an address.
        public bool Admits(IPAddress client, string? user) =>
            (Clients.Length == 0 && Users.Length == 0)
            || Array.Exists(Clients, network => network.Contains(client))
            || (user is not null && Array.Exists(Users, pattern => pattern.Matches(user)));
    }
}
