using SmimeGateway.Certificates;
using SmimeGateway.Mime;

namespace SmimeGateway.Opening;

/// <summary>Who a message says it is from.</summary>
/// <param name="Addresses">Every address that it claims, outside and in protected fields; null where a From field has not exactly one.</param>
internal sealed record AuthorClaim(IReadOnlyList<string?> Addresses)
{
    /// <summary>The claim of a message.</summary>
    public static AuthorClaim Of(Entity message) => new([AddressIn(message)]);

    /// <summary>
    /// The claim that a signature over this content has to bear out: the one outside, which people see in most programs, and that of the
    /// protected fields (RFC 9788 section 2.1), which they see in the others.
    /// </summary>
    public AuthorClaim With(ReadOnlyMemory<byte> content) =>
        Entity.TryParse(content, MimeLimits.Standard, out var entity, out _)
            && entity.ContentType.Parameter("hp") is not null && entity.Header.Find("From") is not null
                ? new AuthorClaim([.. Addresses, AddressIn(entity)])
                : this;

    /// <summary>Whether the certificate is for all of them.</summary>
    public bool IsBorneOutBy(CertificateTraits certificate) =>
        Addresses.All(address => address is not null && certificate.HasAddress(address));

    private static string? AddressIn(Entity entity) =>
        entity.Header.Find("From") is { } from && AddressList.TryParse(from.Body, out var mailboxes) && mailboxes.Count == 1
            ? mailboxes[0].Address
            : null;
}
