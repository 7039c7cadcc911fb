using System.Security.Cryptography.X509Certificates;

namespace SmimeGateway.Certificates.Trusting;

/// <summary>
/// Finds the ways from a certificate up to the trusted roots, where several authorities have the same name: renewed ones, cross-certified
/// ones, ones with another key. Only those count that are valid at the moment, so that an expired one does not stand in the way of another.
/// Names and key identifiers are compared, not signatures: whether a way holds is for path validation to say.
/// </summary>
internal sealed class PathSearch
{
    /// <summary>Real chains have three or four certificates; each bridge between authorities adds one or two.</summary>
    private const int MaxLength = 8;

    /// <summary>Whoever sends certificates along may send many of one name; each step is a comparison, so many are cheap.</summary>
    private const int MaxSteps = 500;

    private readonly ILookup<string, X509Certificate2> _roots;
    private readonly ILookup<string, X509Certificate2> _intermediates;

    /// <summary>Indexes what the configuration trusts and knows.</summary>
    public PathSearch(IEnumerable<X509Certificate2> roots, IEnumerable<X509Certificate2> intermediates)
    {
        _roots = roots.ToLookup(NameOf, StringComparer.Ordinal);
        _intermediates = intermediates.ToLookup(NameOf, StringComparer.Ordinal);
    }

    /// <summary>
    /// The ways, each with the issuer first and the root last; those through configured certificates come before those through certificates
    /// that came along.
    /// </summary>
    public IEnumerable<IReadOnlyList<X509Certificate2>> Find(X509Certificate2 leaf, IEnumerable<X509Certificate2> extra, DateTimeOffset at)
    {
        var steps = MaxSteps;
        var alongside = extra.ToLookup(NameOf, StringComparer.Ordinal);
        return Climb([leaf]);

        IEnumerable<IReadOnlyList<X509Certificate2>> Climb(X509Certificate2[] below)
        {
            var issuer = Convert.ToHexString(below[^1].IssuerName.RawData);
            foreach (var root in _roots[issuer].Where(root => IsIssuer(root, below)))
            {
                yield return [.. below.Skip(1), root];
            }

            if (below.Length == MaxLength)
            {
                yield break;
            }

            foreach (var intermediate in _intermediates[issuer].Concat(alongside[issuer]).Where(candidate => IsIssuer(candidate, below)))
            {
                foreach (var path in Climb([.. below, intermediate]))
                {
                    yield return path;
                }
            }
        }

        bool IsIssuer(X509Certificate2 candidate, X509Certificate2[] below) => steps-- > 0
            && CertificateTraits.Read(candidate) is { Fault: null } traits && traits.IsValidAt(at)
            && KeyIdentifiersMatch(candidate, below[^1])
            && !Array.Exists(below, known => IsSameAuthority(known, candidate));
    }

    private static string NameOf(X509Certificate2 certificate) => Convert.ToHexString(certificate.SubjectName.RawData);

    private static bool KeyIdentifiersMatch(X509Certificate2 issuer, X509Certificate2 certificate) =>
        KeyIdentifiers.OfIssuer(certificate) is not { } wanted || KeyIdentifiers.OfSubject(issuer) is not { } own || own.AsSpan().SequenceEqual(wanted);

    // Two certificates of one authority in a path would be a round trip (RFC 5280 section 6.1 allows only another name or another key).
    private static bool IsSameAuthority(X509Certificate2 one, X509Certificate2 other) =>
        one.SubjectName.RawData.AsSpan().SequenceEqual(other.SubjectName.RawData) && one.GetPublicKey().AsSpan().SequenceEqual(other.GetPublicKey());
}
