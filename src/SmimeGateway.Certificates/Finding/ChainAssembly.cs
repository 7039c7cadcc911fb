using System.Security.Cryptography.X509Certificates;

namespace SmimeGateway.Certificates.Finding;

/// <summary>
/// Puts the issuers that lay beside a certificate into order. Names and key identifiers are compared, not signatures: the chain is what is sent
/// along for the reader's convenience, and every reader judges it himself.
/// </summary>
internal sealed class ChainAssembly
{
    /// <summary>Real chains have three or four certificates.</summary>
    private const int MaxLength = 10;

    /// <summary>Bridges and renewals multiply the issuers of one name; more than these is no order any more.</summary>
    private const int MaxIssuers = 30;

    private readonly Dictionary<string, List<X509Certificate2>> _bySubject = new(StringComparer.Ordinal);

    /// <summary>Indexes the certificates that may be issuers.</summary>
    public ChainAssembly(IEnumerable<X509Certificate2> candidates)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var candidate in candidates)
        {
            var traits = CertificateTraits.Read(candidate);
            if (traits.IsAuthority && seen.Add(traits.Thumbprint))
            {
                var subject = Convert.ToHexString(candidate.SubjectName.RawData);
                if (!_bySubject.TryGetValue(subject, out var same))
                {
                    _bySubject[subject] = same = [];
                }

                same.Add(candidate);
            }
        }
    }

    /// <summary>
    /// One way up from the given certificate, issuer first and root last, as far as it is known. Of several issuers of one name those that are
    /// valid go first, then the one valid longest.
    /// </summary>
    public IReadOnlyList<X509Certificate2> Above(X509Certificate2 certificate, DateTimeOffset? at = null)
    {
        List<X509Certificate2>? chain = null;
        var current = certificate;
        while (chain is not { Count: MaxLength } && FindIssuer(current, at) is { } issuer && chain?.Contains(issuer) != true)
        {
            (chain ??= []).Add(issuer);
            current = issuer;
        }

        return chain ?? (IReadOnlyList<X509Certificate2>)[];
    }

    /// <summary>All that may be on any way up, the nearest first: for whoever judges the ways himself.</summary>
    public IReadOnlyList<X509Certificate2> AllAbove(X509Certificate2 certificate)
    {
        List<X509Certificate2>? found = null;
        for (var next = -1; next < (found?.Count ?? 0); next++)
        {
            foreach (var issuer in IssuersOf(next < 0 ? certificate : found![next]))
            {
                if (found?.Exists(known => ReferenceEquals(known, issuer)) != true && found is not { Count: MaxIssuers })
                {
                    (found ??= []).Add(issuer);
                }
            }
        }

        return found ?? (IReadOnlyList<X509Certificate2>)[];
    }

    private X509Certificate2? FindIssuer(X509Certificate2 certificate, DateTimeOffset? at) => IssuersOf(certificate)
        .OrderByDescending(issuer => at is { } moment && CertificateTraits.Read(issuer).IsValidAt(moment))
        .ThenByDescending(issuer => issuer.NotAfter)
        .FirstOrDefault();

    private List<X509Certificate2> IssuersOf(X509Certificate2 certificate)
    {
        if (_bySubject.Count == 0)
        {
            return [];
        }

        var name = certificate.IssuerName.RawData;
        if (CertificateTraits.Read(certificate).IsSelfSigned || !_bySubject.TryGetValue(Convert.ToHexString(name), out var named))
        {
            return [];
        }

        // An authority that issued to itself has the name of its issuer, and is not that.
        var candidates = named.Exists(candidate => candidate.Equals(certificate)) ? named.FindAll(candidate => !candidate.Equals(certificate)) : named;
        if (candidates.Count == 1)
        {
            return candidates;
        }

        // Several of the same name: a root or intermediate that was renewed, perhaps with another key.
        var wanted = KeyIdentifiers.OfIssuer(certificate);
        return wanted is null
            ? candidates
            : candidates.FindAll(candidate => KeyIdentifiers.OfSubject(candidate) is not { } own || own.AsSpan().SequenceEqual(wanted));
    }
}
