using SmimeGateway.Certificates;
using SmimeGateway.Certificates.Choosing;
using SmimeGateway.Certificates.Finding;
using SmimeGateway.Certificates.Finding.Seen;
using SmimeGateway.Certificates.Issuing;
using SmimeGateway.Certificates.Trusting;
using SmimeGateway.Cms;
using SmimeGateway.Deciding;
using SmimeGateway.Deciding.Options;
using SmimeGateway.Smtp;

namespace SmimeGateway.Locating;

/// <summary>
/// Finds the certificates a message is encrypted to. Sources are asked in the order the rule names them, and the first that has a usable
/// certificate for a recipient wins; of that source all usable certificates are taken.
/// </summary>
public sealed class PartnerLocator
{
    private readonly PartnerSources _partners;
    private readonly OwnSources _own;
    private readonly PreparedRecipients _prepared = new();
    private readonly TimeProvider _time;

    /// <summary>Looks into sources, which stay their owner's to dispose.</summary>
    /// <param name="partners">The sources of partners' certificates.</param>
    /// <param name="own">The sources of own certificates, for authors.</param>
    /// <param name="time">The clock.</param>
    public PartnerLocator(PartnerSources partners, OwnSources own, TimeProvider time)
    {
        _partners = partners;
        _own = own;
        _time = time;
    }

    /// <summary>Finds what is needed to encrypt to recipients, one entry for each and in their order.</summary>
    public async ValueTask<IReadOnlyList<LocatedRecipient>> FindAsync(
        EncryptTerms terms, IReadOnlyList<EnvelopeRecipient> recipients, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(terms);
        ArgumentNullException.ThrowIfNull(recipients);
        var located = new LocatedRecipient[recipients.Count];
        for (var i = 0; i < located.Length; i++)
        {
            located[i] = await LocateAsync(terms, recipients[i].Path.Address, cancellationToken) with { Recipient = recipients[i] };
        }

        return located;
    }

    /// <summary>
    /// Finds what is needed to encrypt to the author as well: own certificates first, then those of the rule's partners. A built-in
    /// authority is asked only where the rule signs with it: it would issue a certificate for the question alone. A source that cannot be
    /// asked may be the one that has it, and mail that its author cannot read is not what the rule asks for.
    /// </summary>
    /// <param name="terms">How the rule encrypts.</param>
    /// <param name="sign">How the rule signs, or null.</param>
    /// <param name="author">The author.</param>
    /// <param name="client">On whose behalf: an authority issues so many certificates for each client.</param>
    /// <param name="cancellationToken">Bounds the search; an issuing authority may take a second.</param>
    public async ValueTask<LocatedRecipient> FindAuthorAsync(
        EncryptTerms terms, SignOptions? sign, string author, string client, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(terms);
        List<string>? remarks = null;
        var isUnreachable = false;
        foreach (var source in sign?.With.Select(_own.Find) ?? _own.All.Where(source => source is not BuiltInAuthority))
        {
            if (source is null)
            {
                continue;
            }

            try
            {
                var mayIssue = !isUnreachable;
                var (choice, concealed) = await SourceQuestion.AskAsync(
                    source,
                    async () => EncryptionChoice.Choose(
                        author,
                        (await source.FindAsync(author, mayIssue ? client : null, cancellationToken)).Select(PartnerCertificate.Of),
                        _partners.Trust,
                        _time.GetUtcNow()),
                    choice => choice.Chosen.Count > 0);
                if (Take(terms, author, choice, ref remarks) is { } found)
                {
                    return found;
                }

                concealed ??= UnreadTrust(choice);
                if (concealed is not null)
                {
                    isUnreachable = true;
                    (remarks ??= []).Add($"{source.Name}: what is not read may hold what is wanted: {concealed}");
                }
            }
            catch (SourceUnreachableException exception)
            {
                isUnreachable = true;
                (remarks ??= []).Add($"{source.Name}: {exception.Message}");
            }
        }

        var partner = await FindAsync(terms, author, cancellationToken);
        return partner.IsMissing
            ? partner with { Remarks = [.. remarks ?? [], .. partner.Remarks], IsUnreachable = isUnreachable || partner.IsUnreachable }
            : partner;
    }

    // A rule asks the sources that it names, for announcements too: what signed mail told of exactly the certificate in a folder counts where
    // the rule asks for certificates of signed mail as well. Who replays old mail reaches no other rule.
    private async ValueTask<LocatedRecipient> LocateAsync(EncryptTerms terms, string address, CancellationToken cancellationToken)
    {
        var found = await FindAsync(terms, address, cancellationToken);
        if (found.IsMissing)
        {
            return found;
        }

        SeenCertificates[] seen = [.. terms.Options.To.Select(_partners.Find).OfType<SeenCertificates>()];
        try
        {
            return found with
            {
                Announced = AnnouncedCiphers.Join(terms, [.. found.Certificates.Select(certificate =>
                    seen.Select(source => source.Recall(address, certificate.Certificate)).FirstOrDefault(known => known?.Announced is not null) ?? certificate)]),
            };
        }
        catch (SourceUnreachableException exception)
        {
            return new LocatedRecipient(address, [], [], [.. found.Remarks, exception.Message]) { IsUnreachable = true };
        }
    }

    private async ValueTask<LocatedRecipient> FindAsync(EncryptTerms terms, string address, CancellationToken cancellationToken)
    {
        List<string>? remarks = null;
        var isUnreachable = false;
        var trust = _partners.Trust;
        foreach (var name in terms.Options.To)
        {
            if (_partners.Find(name) is not { } source)
            {
                (remarks ??= []).Add($"{name}: there is no such source");
                continue;
            }

            try
            {
                var (answer, concealed) = await SourceQuestion.AskAsync(
                    source, () => ChooseAsync(source, address, trust, cancellationToken), answer => answer.Choice.Chosen.Count > 0);
                var choice = answer.Choice;
                if (Take(terms, address, choice, ref remarks, name) is { } found)
                {
                    return found;
                }

                concealed ??= SourceQuestion.Describe([.. answer.Unread, .. source.Problems]) ?? UnreadTrust(choice);
                if (concealed is not null)
                {
                    isUnreachable = true;
                    (remarks ??= []).Add($"{name}: what is not read may hold what is wanted: {concealed}");
                }
            }
            catch (SourceUnreachableException exception)
            {
                isUnreachable = true;
                (remarks ??= []).Add($"{name}: {exception.Message}");
            }
        }

        return new LocatedRecipient(address, [], [], remarks ?? []) { IsUnreachable = isUnreachable };
    }

    private async ValueTask<(EncryptionChoice Choice, IReadOnlyList<SourceProblem> Unread)> ChooseAsync(
        IPartnerSource source, string address, TrustStore trust, CancellationToken cancellationToken)
    {
        var found = await source.FindAsync(address, cancellationToken);
        return (EncryptionChoice.Choose(address, found, trust, _time.GetUtcNow()), found.Unread);
    }

    // A chain that ends in nothing proves nothing while roots or intermediates cannot be read.
    private string? UnreadTrust(EncryptionChoice choice) =>
        choice.Refusals.Any(refusal => refusal.IsUntrusted) ? SourceQuestion.Describe([.. _partners.Trust.Problems]) : null;

    private LocatedRecipient? Take(EncryptTerms terms, string address, EncryptionChoice choice, ref List<string>? remarks, string? source = null)
    {
        var keys = new List<CmsRecipient>(choice.Chosen.Count);
        var certificates = new List<PartnerCertificate>(choice.Chosen.Count);
        foreach (var chosen in choice.Chosen)
        {
            if (_prepared.TryGet(chosen.Certificate, terms.KeyTransport, terms.IdentifyBy, out var key, out var fault))
            {
                keys.Add(key);
                certificates.Add(chosen);
            }
            else
            {
                (remarks ??= []).Add($"{chosen.Source}, serial {chosen.Traits.SerialNumber}: {fault}");
            }
        }

        foreach (var refusal in choice.Refusals)
        {
            (remarks ??= []).Add($"{refusal.Certificate.Source}, serial {refusal.Certificate.Traits.SerialNumber}: {refusal.Reason}");
        }

        if (keys.Count > 0)
        {
            return new LocatedRecipient(address, keys, certificates, remarks ?? []);
        }

        if (source is not null && choice.Refusals.Count == 0)
        {
            (remarks ??= []).Add($"{source}: {choice.Reason}");
        }

        return null;
    }
}
