using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using SmimeGateway.Certificates.Trusting;

namespace SmimeGateway.Relaying.Securing;

/// <summary>The roots that a route trusts, read again now and then, so that a changed file needs no restart.</summary>
internal sealed class RootFiles(IReadOnlyList<string> paths, TimeProvider time, ILogger log)
{
    // A handshake comes about once in a minute for each connection at most; reading a whole bundle takes some milliseconds.
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private X509Certificate2Collection _roots = [];
    private long _read;

    /// <summary>The roots. While a file is missing or damaged, those that were read before stay; without any, nobody is trusted.</summary>
    public X509Certificate2Collection Read()
    {
        lock (_gate)
        {
            if (_read != 0 && time.GetElapsedTime(_read) < Freshness)
            {
                return _roots;
            }

            _read = time.GetTimestamp();
            var store = TrustStore.Load(paths, [], systemRoots: false, []);
            foreach (var problem in store.Problems)
            {
                RelayingLog.RootsUnreadable(log, problem.Location, problem.Reason, problem.Remedy);
            }

            if (store.Problems.Count == 0 || _roots.Count == 0)
            {
                _roots = [.. store.Roots];
            }

            return _roots;
        }
    }
}
