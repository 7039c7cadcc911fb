using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting;

namespace SmimeGateway.Host;

/// <summary>
/// Listens to the signals that end the process, in the place of the framework's own listener, which knows only one way to end. The first
/// signal asks for an orderly end; the second wants it now, and gets it within two seconds whatever the process is waiting for: what was
/// accepted is on the disk.
/// </summary>
internal sealed class StopSignals : IHostLifetime, IDisposable
{
    // What is broken off needs a moment to end; after that there is nothing left that is worth waiting for.
    private static readonly TimeSpan LastMoment = TimeSpan.FromSeconds(1.5);

    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _second = new();
    private readonly PosixSignalRegistration[] _registrations;
    private readonly CancellationTokenRegistration _cancellation;
    private ITimer? _deadline;

    /// <summary>Begins to listen.</summary>
    /// <param name="cancellationToken">Counts as the first signal.</param>
    public StopSignals(CancellationToken cancellationToken)
    {
        _cancellation = cancellationToken.Register(() => _first.TrySetResult());
        _registrations = [.. new[] { PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGQUIT }
            .Select(signal => PosixSignalRegistration.Create(signal, Hear))];
    }

    /// <summary>Ends with the first signal.</summary>
    public Task First => _first.Task;

    /// <summary>Cancelled by the second signal.</summary>
    public CancellationToken Second => _second.Token;

    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        Array.ForEach(_registrations, registration => registration.Dispose());
        _cancellation.Dispose();
        _deadline?.Dispose();
        _second.Dispose();
    }

    private void Hear(PosixSignalContext signal)
    {
        signal.Cancel = true;
        if (!_first.TrySetResult() && _deadline is null)
        {
            _deadline = TimeProvider.System.CreateTimer(
                static _ => Environment.Exit(Commands.ExitCode.Done), state: null, LastMoment, Timeout.InfiniteTimeSpan);
            _second.Cancel();
        }
    }
}
