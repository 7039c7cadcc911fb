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

    /// <summary>The certificates above the given one, issuer first and root last, as far as they are known.</summary>
    public IReadOnlyList<X509Certificate2> Above(X509Certificate2 certificate)
    {
        if (_bySubject.Count == 0)
        {
            return [];
        }

        List<X509Certificate2>? chain = null;
        var current = certificate;
        while (FindIssuer(current) is { } issuer && chain?.Contains(issuer) != true && chain is not { Count: MaxLength })
        {
            (chain ??= []).Add(issuer);
            current = issuer;
        }

        return chain ?? (IReadOnlyList<X509Certificate2>)[];
    }

    private X509Certificate2? FindIssuer(X509Certificate2 certificate)
    {
        var name = certificate.IssuerName.RawData;
        if (name.AsSpan().SequenceEqual(certificate.SubjectName.RawData)
            || !_bySubject.TryGetValue(Convert.ToHexString(name), out var candidates))
        {
            return null;
        }

        if (candidates.Count == 1)
        {
            return candidates[0];
        }

        // Several of the same name: a root or intermediate that was renewed, perhaps with another key.
        var wanted = KeyIdentifiers.OfIssuer(certificate);
        return candidates
            .Where(candidate => wanted is null || KeyIdentifiers.OfSubject(candidate) is not { } own || own.AsSpan().SequenceEqual(wanted))
            .MaxBy(candidate => candidate.NotAfter);
    }
}
