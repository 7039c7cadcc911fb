using Microsoft.Extensions.Logging;
using SmimeGateway.Smtp.Client;

namespace SmimeGateway.Relaying.Authenticating;

/// <summary>
/// Keeps one token for all connections of a route, and replaces it before it expires. One fetch runs at a time; after one that failed the
/// endpoint is left alone for a growing while, whoever asks.
/// </summary>
/// <param name="fetch">Fetches a token.</param>
/// <param name="endpoint">What the log calls the source.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Hears of fetches.</param>
internal sealed class TokenSource(Func<CancellationToken, Task<AccessToken>> fetch, string endpoint, TimeProvider time, ILogger log) : IDisposable
{
    // The last fifth of its life, but not more than five minutes of it, is time enough to get another one.
    private const double FreshShare = 0.8;
    private static readonly TimeSpan LongestRemainder = TimeSpan.FromMinutes(5);

    // A token that ends while the next hop looks at it is refused.
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(10);

    // Many connections hear at once that a token is refused; the first one fetches another for all.
    private static readonly TimeSpan RefusalPause = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    private readonly SemaphoreSlim _fetching = new(1, 1);
    private volatile Kept? _kept;
    private volatile Failure? _failure;

    /// <summary>The token to log in with.</summary>
    /// <param name="isRefused">True when the next hop refused the last one.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="CredentialsUnavailableException">There is none, with the reason.</exception>
    public async ValueTask<string> GetAsync(bool isRefused, CancellationToken cancellationToken)
    {
        if (!isRefused && _kept is { } kept && Age(kept) < kept.FreshFor)
        {
            return kept.Token.Value;
        }

        // While another one is fetched, the one at hand serves, as long as it is valid.
        if (!isRefused && _fetching.CurrentCount == 0 && _kept is { } old && IsValid(old))
        {
            return old.Token.Value;
        }

        await _fetching.WaitAsync(cancellationToken);
        try
        {
            return await GetOrFetchAsync(isRefused, cancellationToken);
        }
        finally
        {
            _fetching.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _fetching.Dispose();

    private async Task<string> GetOrFetchAsync(bool isRefused, CancellationToken cancellationToken)
    {
        if (_kept is { } kept && (isRefused ? Age(kept) < RefusalPause : Age(kept) < kept.FreshFor))
        {
            return kept.Token.Value;
        }

        if (_failure is { } failure && time.GetElapsedTime(failure.At) < failure.Pause)
        {
            return Fallback(isRefused) ?? throw new CredentialsUnavailableException(failure.Reason);
        }

        try
        {
            var token = await fetch(cancellationToken);
            var remainder = TimeSpan.FromTicks(Math.Min(LongestRemainder.Ticks, (long)(token.Lifetime.Ticks * (1 - FreshShare))));
            _kept = new Kept(token, time.GetTimestamp(), token.Lifetime - remainder);
            _failure = null;
            RelayingLog.TokenFetched(log, endpoint, token.Lifetime);
            return token.Value;
        }
        catch (CredentialsUnavailableException exception)
        {
            var pause = _failure is { } last ? TimeSpan.FromTicks(Math.Min(LongestPause.Ticks, last.Pause.Ticks * 2)) : ShortestPause;
            _failure = new Failure(exception.Message, time.GetTimestamp(), pause);
            RelayingLog.TokenNotFetched(log, exception.Message, pause);
            return Fallback(isRefused) ?? throw new CredentialsUnavailableException(exception.Message, exception);
        }
    }

    private string? Fallback(bool isRefused) => !isRefused && _kept is { } kept && IsValid(kept) ? kept.Token.Value : null;

    private TimeSpan Age(Kept kept) => time.GetElapsedTime(kept.At);

    private bool IsValid(Kept kept) => Age(kept) < kept.Token.Lifetime - Margin;

    private sealed record Kept(AccessToken Token, long At, TimeSpan FreshFor);

    private sealed record Failure(string Reason, long At, TimeSpan Pause);
}
