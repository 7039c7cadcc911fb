namespace SmimeGateway.Certificates.Issuing;

/// <summary>How the built-in authority issues.</summary>
public sealed record AuthorityOptions
{
    /// <summary>The key of certificates that are issued from now on, and of a root that is made from now on (P-256 for certificates of that kind, otherwise RSA with 3,072 bits).</summary>
    public AuthorityKey LeafKey { get; init; } = AuthorityKey.Rsa2048;

    /// <summary>
    /// What certificates that are issued from now on announce of their owners, as the DER of S/MIME capabilities (RFC 4262): senders know it
    /// before they ever got a signed message. Empty announces nothing.
    /// </summary>
    public ReadOnlyMemory<byte> Capabilities { get; init; }

    /// <summary>
    /// False for a rehearsal: what is there is used, but nothing is written, and what is issued is forgotten with the object.
    /// </summary>
    public bool KeepsIssued { get; init; } = true;

    /// <summary>How long the root lives: ten years.</summary>
    public TimeSpan RootLifetime { get; init; } = TimeSpan.FromDays(3652);

    /// <summary>How long a certificate lives: two years, but never longer than the root.</summary>
    public TimeSpan LeafLifetime { get; init; } = TimeSpan.FromDays(730);

    /// <summary>For how many new mailboxes one client has certificates issued within an hour: 1,000. Renewals do not count.</summary>
    public int MaxPerClientAndHour { get; init; } = 1000;

    /// <summary>For how many mailboxes there are certificates at most: 100,000, which take half a gigabyte on the disk. Renewals do not count.</summary>
    public int MaxMailboxes { get; init; } = 100_000;

    /// <summary>How long before its end a certificate is replaced by a new one: 60 days.</summary>
    public TimeSpan RenewBefore { get; init; } = TimeSpan.FromDays(60);
}
