using System.IO.Pipelines;

namespace SmimeGateway.Accepting.Crowding;

/// <summary>A connection's pipes, watched for what the client does.</summary>
internal sealed class WatchedPipe(IDuplexPipe pipe, OpenConnection connection, TimeProvider time) : IDuplexPipe
{
    /// <inheritdoc/>
    public PipeReader Input { get; } = new WatchedReader(pipe.Input, connection, time);

    /// <inheritdoc/>
    public PipeWriter Output => pipe.Output;
}
