using SmimeGateway.Certificates.Files;
using SmimeGateway.Certificates.Finding;

namespace SmimeGateway.Locating;

/// <summary>A source of own certificates; one that could not be opened is tried again when it is asked for.</summary>
internal sealed class OpenedSource : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly OwnCertificateOptions _options;
    private readonly Func<IOwnCertificateSource> _open;
    private readonly TimeProvider _time;
    private readonly Lock _opening = new();
    private volatile IOwnCertificateSource _source;
    private long _tried;
    private bool _isClosed;

    /// <summary>Opens the source.</summary>
    public OpenedSource(string fingerprint, OwnCertificateOptions options, Func<IOwnCertificateSource> open, TimeProvider time)
    {
        Fingerprint = fingerprint;
        _options = options;
        _open = open;
        _time = time;
        _source = TryOpen();
    }

    /// <summary>Tells whether its configuration changed.</summary>
    public string Fingerprint { get; }

    /// <summary>The source.</summary>
    public IOwnCertificateSource Source
    {
        get
        {
            if (_source is UnopenedSource && _time.GetElapsedTime(Volatile.Read(ref _tried)) >= Patience)
            {
                lock (_opening)
                {
                    if (!_isClosed && _source is UnopenedSource && _time.GetElapsedTime(_tried) >= Patience)
                    {
                        _source = TryOpen();
                    }
                }
            }

            return _source;
        }
    }

    /// <summary>Closes the source; one that could not be opened is not tried any more.</summary>
    public ValueTask DisposeAsync()
    {
        lock (_opening)
        {
            _isClosed = true;
        }

        return _source.DisposeAsync();
    }

    private IOwnCertificateSource TryOpen()
    {
        Volatile.Write(ref _tried, _time.GetTimestamp());
        try
        {
            return _open();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or SourceUnreachableException)
        {
            var place = _options.Authority ?? _options.Folder ?? _options.Pkcs12 ?? _options.Pem?.Certificate ?? _options.Name;
            var kind = _options.Authority is null && _options.Folder is null ? "file" : "folder";
            return new UnopenedSource(new SourceProblem(_options.Name, place, $"it cannot be opened: {FileHindrance.Of(exception)}", $"Check the {kind} and its rights"));
        }
    }
}
