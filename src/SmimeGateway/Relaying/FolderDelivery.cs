using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using SmimeGateway.Certificates.Files;
using SmimeGateway.Files;
using SmimeGateway.Queueing;
using SmimeGateway.Relaying.Pooling;
using SmimeGateway.Smtp;

namespace SmimeGateway.Relaying;

/// <summary>
/// Delivers into a folder, one <c>.eml</c> file per message, named after the time of acceptance and the queue id. The bytes are those of
/// the message behind one Return-Path line, as final delivery adds it (RFC 5321 section 4.4). The recipients are not written down: among
/// them may be blind copies. A file is complete and on disk when its name appears.
/// </summary>
internal sealed class FolderDelivery(string folder, TimeProvider time, DeliveryTally? tally = null) : IDelivery
{
    // Writing is one flush after another; more at a time only queue up in front of the disk.
    private const int Writers = 4;

    private static readonly DeliveryStatus Written = new(
        DeliveryAction.Delivered, new EnhancedStatus(2, 0, 0), "Written into the folder.", null);

    // Two routes may share a folder, and a message go by both: who writes its file has the place of its name. A folder that hangs keeps no other.
    private static readonly ConcurrentDictionary<string, SemaphoreSlim[]> PlacesOf = new(StringComparer.Ordinal);

    private readonly SemaphoreSlim[] _places =
        PlacesOf.GetOrAdd(Path.GetFullPath(folder), static _ => [.. Enumerable.Range(0, 16).Select(_ => new SemaphoreSlim(1))]);

    private readonly DeliveryTally _tally = tally ?? new DeliveryTally();
    private int _active;
    private volatile Trouble? _trouble;
    private volatile IRouteQueue? _queue;

    /// <inheritdoc/>
    public string Name => folder;

    /// <inheritdoc/>
    public int MostRecipients => int.MaxValue;

    /// <inheritdoc/>
    public int Width => Writers;

    /// <inheritdoc/>
    public void Serve(IRouteQueue queue) => _queue = queue;

    /// <inheritdoc/>
    public async ValueTask<DeliveryAttempt> DeliverAsync(QueuedMessage message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        var envelope = message.Envelope;
        Interlocked.Increment(ref _active);
        try
        {
            await WriteAsync(message, cancellationToken);
            _tally.Count(folder, string.Empty);
            return DeliveryAttempt.Uniform(envelope, Written);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            var status = new DeliveryStatus(
                DeliveryAction.Delayed, new EnhancedStatus(4, 3, 0), $"The message could not be written into the folder '{folder}': {FileHindrance.OfMaking(exception)}.", null);
            _trouble = new Trouble($"{status.Status} {status.Diagnostic}", time.GetUtcNow());
            return DeliveryAttempt.Uniform(envelope, status);
        }
        finally
        {
            Interlocked.Decrement(ref _active);
        }
    }

    /// <inheritdoc/>
    public RouteStatus Look(IReadOnlyList<string> recipients)
    {
        var trouble = _trouble;
        var status = new NextHopStatus(folder, string.Empty, null, trouble?.Text, trouble?.At, 0, 0, null);
        return new RouteStatus(recipients, folder, Volatile.Read(ref _active), Writers, _queue?.Look() ?? default, _tally.Fill([status], [folder]));
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async ValueTask WriteAsync(QueuedMessage message, CancellationToken cancellationToken)
    {
        DurableFolder.Create(folder);

        var temporary = UnfinishedFile(message);
        var place = _places[(uint)NameOf(message).GetHashCode(StringComparison.Ordinal) % (uint)_places.Length];
        await place.WaitAsync(cancellationToken);
        try
        {
            await using (var file = new FileStream(temporary, OwnerOnly()))
            {
                await file.WriteAsync(Encoding.UTF8.GetBytes($"Return-Path: {message.Envelope.ReversePath}\r\n"), cancellationToken);
                foreach (var block in message.Content.Blocks)
                {
                    await file.WriteAsync(block, cancellationToken);
                }

                // The bytes before the name, and the name before the status: the queue forgets the message after it.
                FileFlush.Flush(file.SafeFileHandle);
            }

            File.Move(temporary, Path.Combine(folder, $"{NameOf(message)}.eml"), overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
        finally
        {
            place.Release();
        }

        DirectoryFlush.Flush(folder);
    }

    // Mail is for the account that fetches it here, which is the gateway's own or root.
    private static FileStreamOptions OwnerOnly()
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            Share = FileShare.None,
            BufferSize = 0,
            Options = FileOptions.Asynchronous,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return options;
    }

    // The time of acceptance, not of delivery: an attempt that is repeated after a crash replaces the file instead of adding one.
    private static string NameOf(QueuedMessage message) =>
        string.Create(CultureInfo.InvariantCulture, $"{message.Accepted.UtcDateTime:yyyyMMdd'T'HHmmss.fff'Z'}-{message.Id.Value}");

    private string UnfinishedFile(QueuedMessage message) => Path.Combine(folder, $".{NameOf(message)}.tmp");

    private sealed record Trouble(string Text, DateTimeOffset At);
}
