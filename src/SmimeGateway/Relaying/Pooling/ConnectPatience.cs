namespace SmimeGateway.Relaying.Pooling;

/// <summary>How long each step of connecting may take: a step that hangs has no share in the time of the next.</summary>
/// <param name="Length">How long.</param>
/// <param name="Time">The clock.</param>
internal sealed record ConnectPatience(TimeSpan Length, TimeProvider Time)
{
    /// <summary>Takes a step.</summary>
    /// <exception cref="TimeoutException">It took longer.</exception>
    public async ValueTask<T> KeepAsync<T>(Func<CancellationToken, ValueTask<T>> step, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(Length, Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            return await step(either.Token);
        }
        catch (OperationCanceledException late) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"It took longer than {Length.TotalSeconds:0} seconds.", late);
        }
    }
}
