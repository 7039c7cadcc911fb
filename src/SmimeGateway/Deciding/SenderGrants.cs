using System.Net;
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
    /// The first address the client or user may not use, or null when all are granted. An unreadable From is refused unless the
    /// client may use every address anyway, because a recipient's client might read a name into it that we do not see.
    /// </summary>
    public string? FindUngranted(Authorship authorship, IPAddress client, string? user)
    {
        ArgumentNullException.ThrowIfNull(authorship);
        if (!Covers(authorship.ReversePath, client, user))
        {
            return authorship.ReversePath.Address;
        }

        foreach (var mailbox in authorship.Mailboxes)
        {
            if (!Covers(mailbox.Address, client, user))
            {
                return mailbox.Address;
            }
        }

        return authorship.IsReadable || Array.Exists(_grants, grant => grant.IsForEverybody && grant.Admits(client, user))
            ? null
            : "(unreadable From)";
    }

    private bool Covers(string address, IPAddress client, string? user)
    {
        var granted = ComparableAddress.Of(address);
        return Array.Exists(_grants, grant => grant.Admits(client, user) && Array.Exists(grant.Addresses, pattern => pattern.Grants(granted)));
    }

    private sealed record Grant(AddressPattern[] Addresses, IPNetwork[] Clients, WildcardPattern[] Users)
    {
        public bool IsForEverybody => Array.Exists(Addresses, pattern => pattern.Text == "*");

        // A grant that lists neither clients nor users grants to everybody the listener let in; one that lists both is satisfied by
        // either, as an application without a login and a person with one may share an address.
        public bool Admits(IPAddress client, string? user) =>
            (Clients.Length == 0 && Users.Length == 0)
            || Array.Exists(Clients, network => network.Contains(client))
            || (user is not null && Array.Exists(Users, pattern => pattern.Matches(user)));
    }
}
