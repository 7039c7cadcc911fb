using System.Buffers;
using System.IO.Pipelines;
using System.Text;

namespace SmimeGateway.Smtp.Server.Wire;

/// <summary>The replies on their way to the client. Those to pipelined commands travel together (RFC 2920).</summary>
internal sealed class SmtpOutput
{
    // A client may pipeline commands without end; what they are answered must not pile up without end too.
    private const int MaxPending = 16 * 1024;

    private readonly PipeWriter _writer;
    private int _pending;

    public SmtpOutput(PipeWriter writer) => _writer = writer;

    /// <summary>True when so many replies are pending that they must be sent before more are made.</summary>
    public bool IsFull => _pending > MaxPending;

    /// <summary>Adds a reply to those pending.</summary>
    public void Write(SmtpReply reply)
    {
        var bytes = reply.Encode();
        _writer.Write(bytes.Span);
        _pending += bytes.Length;
    }

    /// <summary>Adds a challenge (RFC 4954 section 4). It is one line, however long.</summary>
    public void WriteChallenge(ReadOnlySpan<byte> challenge)
    {
        var line = Encoding.ASCII.GetBytes($"334 {Convert.ToBase64String(challenge)}\r\n");
        _writer.Write(line);
        _pending += line.Length;
    }

    /// <summary>Sends what is pending. False when the client is gone, or has not taken it when the deadline passes.</summary>
    public async ValueTask<bool> FlushAsync(LazyDeadline deadline)
    {
        if (_pending == 0)
        {
            return true;
        }

        _pending = 0;
        var result = await _writer.FlushAsync();
        while (result.IsCanceled && !deadline.HasPassed)
        {
            // An interruption meant for a wait that was just over; the replies are still to go.
            result = await _writer.FlushAsync();
        }

        return !result.IsCanceled && !result.IsCompleted;
    }
}
