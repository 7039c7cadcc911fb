using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;

namespace SmimeGateway.Certificates.Trusting;

/// <summary>
/// Remembers verdicts, as building a chain costs half a millisecond and the same partners are written to all day. A verdict lives as long as
/// the certificate it is about, at most a minute, and never longer than the chain.
/// </summary>
internal sealed class VerdictMemory
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(1);

    // By the identity of the object: certificates are equal to the framework when issuer and serial number are, which anybody can choose.
    private readonly ConditionalWeakTable<X509Certificate2, Remembered> _verdicts = [];

    /// <summary>The verdict on a certificate, formed anew when the old one is too old or was formed from other companions.</summary>
    public TrustVerdict GetOrJudge(X509Certificate2 leaf, IReadOnlyList<X509Certificate2> companions, DateTimeOffset at, TrustStore trust)
    {
        if (_verdicts.TryGetValue(leaf, out var known) && known.Holds(at, companions))
        {
            return known.Verdict;
        }

        var verdict = trust.Judge(leaf, companions, at);
        _verdicts.AddOrUpdate(leaf, new Remembered(verdict, companions, at));
        return verdict;
    }

    private sealed class Remembered(TrustVerdict verdict, IReadOnlyList<X509Certificate2> companions, DateTimeOffset judged)
    {
        private readonly DateTimeOffset _end = verdict.Trusted is { } trusted
            ? trusted.Chain.Select(CertificateTraits.Read).Append(trusted.Traits).Min(traits => traits.NotAfter)
            : DateTimeOffset.MaxValue;

        public TrustVerdict Verdict => verdict;

        // A clock that was set back must not keep a verdict alive.
        public bool Holds(DateTimeOffset at, IReadOnlyList<X509Certificate2> now)
            => judged <= at && at < judged + Lifetime && at <= _end
                && now.Count == companions.Count
                && now.Zip(companions).All(pair => ReferenceEquals(pair.First, pair.Second));
    }
}
