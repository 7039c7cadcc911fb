using SmimeGateway.Certificates;
using SmimeGateway.Deciding;
using SmimeGateway.Mime;
using SmimeGateway.Smtp;

namespace SmimeGateway.Opening;

/// <summary>What a message says of its author and its time, outside and in protected fields: what a signature has to bear out.</summary>
internal sealed class AuthorClaim
{
    private readonly IReadOnlyList<Header> _headers;

    private AuthorClaim(IReadOnlyList<Header> headers) => _headers = headers;

    /// <summary>The one author whom the header outside names, or null.</summary>
    public string? Author => _headers[0].Author;

    /// <summary>Every moment that a Date field names.</summary>
    public IEnumerable<DateTimeOffset> Dates => _headers.SelectMany(header => header.Dates);

    /// <summary>The claim of a message.</summary>
    public static AuthorClaim Of(Entity message) => new([Header.Read(string.Empty, message)]);

    /// <summary>
    /// The claim that a signature over this content has to bear out: the one outside, which people see in most programs, and that of the
    /// protected fields (RFC 9788 section 2.1), which they see in the others.
    /// </summary>
    public AuthorClaim With(ReadOnlyMemory<byte> content) =>
        Entity.TryParse(content, MimeLimits.Standard, out var entity, out _)
            && entity.ContentType.Parameter("hp") is not null && entity.Header.Find("From") is not null
                ? new AuthorClaim([.. _headers, Header.Read("protected ", entity)])
                : this;

    /// <summary>Null when the certificate is for every author that is claimed, or why it is not.</summary>
    public string? Refuse(CertificateTraits certificate) =>
        _headers.Select(header => header.Refuse(certificate)).FirstOrDefault(reason => reason is not null);

    /// <summary>One header.</summary>
    /// <param name="Place">Which one, before the names of its fields.</param>
    /// <param name="Author">The one author it names, or null.</param>
    /// <param name="Fault">Why it names no author.</param>
    /// <param name="Senders">The addresses of Sender.</param>
    /// <param name="Dates">The moments in Date.</param>
    private sealed record Header(
        string Place, string? Author, string Fault, IReadOnlyList<string> Senders, IReadOnlyList<DateTimeOffset> Dates)
    {
        public static Header Read(string place, Entity entity)
        {
            var header = entity.Header;
            var authorship = Authorship.Read(MailPath.Null, entity);
            var fields = header.FindAll("From").Count();
            var fault = fields switch
            {
                0 => $"there is no {place}From field",
                1 => authorship.Authors.Count > 1
                    ? $"the {place}From field names {authorship.Authors.Count} mailboxes, not a single author"
                    : $"the {place}From field names no single author whom every reader sees",
                _ => $"there are {fields} {place}From fields, not a single author",
            };
            return new Header(
                place,
                authorship.Signatory,
                fault,
                [.. header.FindAll("Sender").SelectMany(field => AddressList.TryParse(field.Body, out var mailboxes) ? mailboxes : []).Select(mailbox => mailbox.Address)],
                [.. header.FindAll("Date").Select(field => MailDate.TryRead(field.Body, out var moment) ? moment : (DateTimeOffset?)null).OfType<DateTimeOffset>()]);
        }

        public string? Refuse(CertificateTraits certificate)
        {
            if (Author is null)
            {
                return Fault;
            }

            if (certificate.HasAddress(Author))
            {
                return null;
            }

            // RFC 8550 section 3 would be content with Sender; people look at From, and anybody may write a Sender.
            return Senders.Any(certificate.HasAddress)
                ? $"the certificate is for the address in {Place}Sender, not for the author {Author} in {Place}From"
                : certificate.Addresses.Count == 0
                    ? $"the certificate is for no address, so not for {Author} in {Place}From"
                    : $"the certificate is not for {Author}, the address in {Place}From";
        }
    }
}
