using System.Net.Security;
using SmimeGateway.Certificates;
using SmimeGateway.Certificates.Finding;
using SmimeGateway.Certificates.Finding.Formats;

namespace SmimeGateway.Relaying.Securing;

/// <summary>The certificate by which a next hop knows the gateway. Its files are watched.</summary>
internal sealed class ClientIdentity : IAsyncDisposable
{
    private const string Source = "route";

    private readonly IOwnCertificateSource _source;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private SslStreamCertificateContext? _context;
    private OwnCertificate? _inContext;

    public ClientIdentity(RouteCertificateOptions options, TimeProvider time)
    {
        _time = time;
        _source = options.Pem is { } pem
            ? PemPair.Open(Source, pem.Certificate, pem.Key, RouteSecret.ReaderOf(pem.Password), time, FileNaming.Route)
            : Pkcs12File.Open(Source, options.Pkcs12!, RouteSecret.ReaderOf(options.Password), time, FileNaming.Route);
    }

    /// <summary>The certificate that is shown: of those with a usable key, the one that is valid longest; null when there is none.</summary>
    public OwnCertificate? Certificate => _source.All.Where(own => own.JoinedKeyFault is null).MaxBy(own => own.Traits.NotAfter);

    /// <summary>What cannot be read of its files.</summary>
    public IReadOnlyList<SourceProblem> Problems => _source.Problems;

    /// <summary>Why no certificate can be shown, as a sentence; null when one can.</summary>
    public string? FindFault()
    {
        var own = Certificate;
        var now = _time.GetUtcNow();
        return own is null
            ? $"The gateway's own certificate cannot be used: {_source.Problems.Select(problem => $"{problem.Location}: {problem.Reason}")
                .Concat(_source.All.Where(held => held.JoinedKeyFault is not null).Select(held => $"{held.Location}: {held.JoinedKeyFault}"))
                .FirstOrDefault("there is none with its key in the file")}."
            : now > own.Traits.NotAfter || now < own.Traits.NotBefore
                ? $"The gateway's own certificate is valid from {own.Traits.NotBefore:yyyy-MM-dd} to {own.Traits.NotAfter:yyyy-MM-dd} only ({own.Location})."
                : null;
    }

    /// <summary>The certificate with what is sent along, ready for handshakes; null when there is none.</summary>
    public SslStreamCertificateContext? FindContext()
    {
        var own = Certificate;
        lock (_gate)
        {
            if (!ReferenceEquals(own, _inContext))
            {
                _inContext = own;

                // Offline: what is not in the file is not sent along either.
                _context = own is null ? null : SslStreamCertificateContext.Create(own.Certificate, [.. own.Chain], offline: true);
            }

            return _context;
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _source.DisposeAsync();
}
