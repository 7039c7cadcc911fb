using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace SmimeGateway.TestSupport;

/// <summary>Waits for what another thread or process is about to make true.</summary>
public static class Eventually
{
    /// <summary>Long enough for a busy machine, short enough that a hang is seen as one.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Returns once the condition holds.</summary>
    /// <exception cref="TimeoutException">It did not hold within half a minute; the message quotes the condition.</exception>
    public static Task TrueAsync(
        Func<bool> condition, TimeSpan? deadline = null, [CallerArgumentExpression(nameof(condition))] string wanted = "")
        => TrueAsync(() => Task.FromResult(condition()), deadline, wanted);

    /// <summary>Returns once the condition holds.</summary>
    /// <exception cref="TimeoutException">It did not hold within half a minute; the message quotes the condition.</exception>
    public static async Task TrueAsync(
        Func<Task<bool>> condition, TimeSpan? deadline = null, [CallerArgumentExpression(nameof(condition))] string wanted = "")
    {
        var patience = deadline ?? Patience;
        var began = Stopwatch.GetTimestamp();
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(2));
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(began) > patience)
            {
                throw new TimeoutException($"After {patience.TotalSeconds:0.#} s it still does not hold: {wanted}");
            }

            await tick.WaitForNextTickAsync();
        }
    }

    /// <summary>The result of a task that must end, or a failure that names it.</summary>
    /// <exception cref="TimeoutException">It did not end within half a minute.</exception>
    public static async Task<T> EndsAsync<T>(Task<T> task, [CallerArgumentExpression(nameof(task))] string wanted = "")
    {
        try
        {
            return await task.WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"After {Patience.TotalSeconds:0} s it has not ended: {wanted}");
        }
    }

    /// <summary>Returns once the task ended.</summary>
    /// <exception cref="TimeoutException">It did not end within half a minute.</exception>
    public static async Task EndsAsync(Task task, [CallerArgumentExpression(nameof(task))] string wanted = "")
    {
        try
        {
            await task.WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"After {Patience.TotalSeconds:0} s it has not ended: {wanted}");
        }
    }
}
