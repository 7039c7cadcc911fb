namespace SmimeGateway;

/// <summary>Tells whether it was a look-up that took too long, or something else.</summary>
internal static class LookUp
{
    /// <summary>Looks up.</summary>
    /// <exception cref="LookUpLateException">The token was cancelled while it was being asked.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled before.</exception>
    public static async ValueTask<T> AskAsync<T>(Func<CancellationToken, ValueTask<T>> ask, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            return await ask(cancellationToken);
        }
        catch (OperationCanceledException late) when (cancellationToken.IsCancellationRequested)
        {
            throw new LookUpLateException(late);
        }
    }
}

/// <summary>The time was over while somebody was being asked.</summary>
internal sealed class LookUpLateException(OperationCanceledException late)
    : OperationCanceledException("A look-up took too long.", late, late.CancellationToken);
