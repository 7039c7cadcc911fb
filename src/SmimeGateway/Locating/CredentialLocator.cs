using SmimeGateway.Certificates;
using SmimeGateway.Certificates.Choosing;
using SmimeGateway.Certificates.Finding;
using SmimeGateway.Certificates.Issuing;
using SmimeGateway.Certificates.Trusting;
using SmimeGateway.Cms;
using SmimeGateway.Deciding.Options;

namespace SmimeGateway.Locating;

/// <summary>
/// Finds the certificate and key a decision needs. Sources are asked in the order the rule names them, and the first that has a usable
/// certificate wins, so that a built-in authority named last issues only for those who have none elsewhere.
/// </summary>
public sealed class CredentialLocator
{
    private static readonly TrustStore Nobody = new([], []);

    private readonly OwnSources _sources;
    private readonly SmimeCapabilities _announced;
    private readonly Func<TrustStore> _trust;
    private readonly TimeProvider _time;
    private volatile SignerCache? _signers;

    /// <summary>Looks into the given sources, which stay their owner's to dispose.</summary>
    /// <param name="sources">The sources of own certificates.</param>
    /// <param name="announce">What signatures announce to be read.</param>
    /// <param name="time">The clock.</param>
    /// <param name="trust">Knows the issuers that do not lie beside a certificate, as of now; null where signatures go nowhere.</param>
    public CredentialLocator(OwnSources sources, IReadOnlyList<ContentCipher> announce, TimeProvider time, Func<TrustStore>? trust = null)
    {
        _sources = sources;
        _announced = SmimeCapabilities.Of(announce);
        _trust = trust ?? (static () => Nobody);
        _time = time;
    }

    // Issuers that come or go change what a signature carries.
    private SignerCache Signers
    {
        get
        {
            var (signers, trust) = (_signers, _trust());
            return signers is not null && ReferenceEquals(signers.Trust, trust) ? signers : _signers = new SignerCache(_announced, trust, _time);
        }
    }

    /// <summary>
    /// Finds what is needed to sign for an author. A certificate is returned only when it is the author's own, or when the rule itself
    /// names the certificate or the address it belongs to.
    /// </summary>
    /// <param name="sign">How the rule wants to sign.</param>
    /// <param name="signatory">The only mailbox of the header From.</param>
    /// <param name="client">On whose behalf: an authority issues so many certificates for each client.</param>
    /// <param name="cancellationToken">Bounds the search; an issuing authority may take a second.</param>
    public async ValueTask<CredentialSearch> FindSignerAsync(
        SignOptions sign, string signatory, string client, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sign);
        var first = await FindAsync(sign, signatory, client, isSecond: false, cancellationToken);
        if (first.Choice?.Chosen is not { } chosen)
        {
            return new CredentialSearch(null, first.Remarks, first.IsUnreachable);
        }

        var encryption = first.Choice.EncryptionCounterpart;
        if (sign.Also == SecondSignature.None)
        {
            return new CredentialSearch(new Credentials(chosen, Signers.GetSigner(sign, chosen, encryption)), first.Remarks);
        }

        var second = await FindAsync(sign, signatory, client, isSecond: true, cancellationToken);
        List<string> remarks = [.. first.Remarks, .. second.Remarks];
        return second.Choice?.Chosen is { } also
            ? new CredentialSearch(new Credentials(chosen, Signers.GetSigner(sign, chosen, encryption, also)) { Also = also }, remarks)
            : new CredentialSearch(new Credentials(chosen, Signers.GetSigner(sign, chosen, encryption)), remarks, second.IsUnreachable) { LacksSecond = true };
    }

    /// <summary>Why the key of a certificate cannot sign as a rule asks, or null. Opens the key and signs with it.</summary>
    public KeyUnfitness? FindUnfitness(SignOptions sign, OwnCertificate certificate) => Signers.FindUnfitness(sign, certificate);

    /// <summary>Why a certificate cannot make the first or the second signature that a rule asks for, or null. Opens the key and signs with it.</summary>
    public KeyUnfitness? FindUnfitness(SignOptions sign, OwnCertificate certificate, bool isSecond)
    {
        ArgumentNullException.ThrowIfNull(sign);
        ArgumentNullException.ThrowIfNull(certificate);
        return sign.Also == SecondSignature.None || certificate.Traits.IsPostQuantum == isSecond ? FindUnfitness(sign, certificate)
            : new KeyUnfitness(isSecond ? $"its key is {certificate.Traits.KeyAlgorithm}, and the second signature is of ML-DSA" : "its key makes the second signature", IsUnread: false);
    }

    private async ValueTask<(SigningChoice? Choice, List<string> Remarks, bool IsUnreachable)> FindAsync(
        SignOptions sign, string signatory, string client, bool isSecond, CancellationToken cancellationToken)
    {
        List<string>? remarks = null;
        var isUnreachable = false;
        foreach (var name in sign.With)
        {
            if (_sources.Find(name) is not { } source)
            {
                (remarks ??= []).Add($"{name}: there is no such source");
                continue;
            }

            try
            {
                // An authority is there for those who have no certificate elsewhere, and a source that cannot be read may hold theirs.
                var mayIssue = !isUnreachable;
                var isOfKind = source is not BuiltInAuthority authority || sign.Also == SecondSignature.None || authority.IssuesPostQuantum == isSecond;
                var (choice, concealed) = await SourceQuestion.AskAsync(
                    source,
                    () => ChooseAsync(source, sign, signatory, mayIssue && isOfKind ? client : null, isSecond, cancellationToken),
                    choice => choice.Chosen is not null);
                if (choice.Chosen is not null)
                {
                    return (choice, Describe(remarks, choice), false);
                }

                isUnreachable |= concealed is not null || choice.IsKeyUnread || (source is BuiltInAuthority && isOfKind && !mayIssue);
                (remarks ??= []).Add($"{name}: {choice.Reason}{(concealed is null ? "" : $"; what is not read may hold one: {concealed}")}");
            }
            catch (SourceUnreachableException exception)
            {
                isUnreachable = true;
                (remarks ??= []).Add($"{name}: {exception.Message}");
            }
        }

        return (null, remarks ?? [], isUnreachable);
    }

    private async ValueTask<SigningChoice> ChooseAsync(
        IOwnCertificateSource source, SignOptions sign, string signatory, string? client, bool isSecond, CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        KeyUnfitness? Unfit(OwnCertificate own) => FindUnfitness(sign, own, isSecond);
        if (sign.Choose.Thumbprint is { } thumbprint)
        {
            return SigningChoice.ChooseByThumbprint(thumbprint, source.All, now, Unfit);
        }

        var address = sign.Choose.Address ?? signatory;
        return SigningChoice.Choose(address, await source.FindAsync(address, client, cancellationToken), now, Unfit);
    }

    private static List<string> Describe(List<string>? remarks, SigningChoice choice)
    {
        if (choice.Refusals.Count == 0)
        {
            return remarks ?? [];
        }

        remarks ??= [];
        remarks.AddRange(choice.Refusals.Select(refusal => $"{refusal.Certificate.Source}, serial {refusal.Certificate.Traits.SerialNumber}: {refusal.Reason}"));
        return remarks;
    }
}
