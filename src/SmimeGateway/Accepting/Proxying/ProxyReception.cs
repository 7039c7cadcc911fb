using System.Buffers;
using System.IO.Pipelines;
using System.Net;

namespace SmimeGateway.Accepting.Proxying;

/// <summary>Learns from a load balancer who the client is.</summary>
internal static class ProxyReception
{
    // A balancer sends the header with its first packet; whoever lets us wait is none.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Takes the header off the connection. Returns the client, which is the balancer itself where it speaks for nobody.</summary>
    /// <param name="input">What the balancer sends.</param>
    /// <param name="balancer">The other end of the connection.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="FormatException">There is no header, or none in time; the message says why.</exception>
    /// <exception cref="IOException">The connection broke.</exception>
    public static async ValueTask<IPEndPoint> ReadAsync(PipeReader input, IPEndPoint balancer, TimeProvider time)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        try
        {
            while (true)
            {
                var result = await input.ReadAsync(patience.Token);
                if (TryRead(result.Buffer, out var header))
                {
                    input.AdvanceTo(result.Buffer.GetPosition(header.Length));
                    return header.Client is { } client ? ClientPolicy.Identify(client) : balancer;
                }

                input.AdvanceTo(result.Buffer.Start, result.Buffer.End);
                if (result.IsCompleted)
                {
                    throw new FormatException("the connection ended before a PROXY protocol header");
                }
            }
        }
        catch (OperationCanceledException)
        {
            throw new FormatException("no PROXY protocol header came in time");
        }
    }

    private static bool TryRead(ReadOnlySequence<byte> buffer, out ProxyHeader header)
    {
        if (buffer.IsSingleSegment)
        {
            return ProxyHeaderParser.TryRead(buffer.FirstSpan, out header);
        }

        Span<byte> joined = stackalloc byte[ProxyHeaderParser.MaxLength];
        var length = (int)Math.Min(buffer.Length, joined.Length);
        buffer.Slice(0, length).CopyTo(joined);
        return ProxyHeaderParser.TryRead(joined[..length], out header);
    }
}
