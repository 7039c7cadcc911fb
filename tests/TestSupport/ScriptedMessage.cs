namespace SmimeGateway.TestSupport;

/// <summary>A message that a <see cref="ScriptedNextHop"/> took in up to the final dot, whatever it answered then.</summary>
/// <param name="Mail">The MAIL command line.</param>
/// <param name="Recipients">The RCPT command lines that were answered with 2xx.</param>
/// <param name="Wire">The content as it was sent, dot-stuffed, without the final dot line.</param>
/// <param name="Content">The content after the stuffing was taken off.</param>
/// <param name="Reply">What was answered to the dot; empty for silence.</param>
public sealed record ScriptedMessage(string Mail, IReadOnlyList<string> Recipients, byte[] Wire, byte[] Content, string Reply)
{
    /// <summary>True when the dot was answered with 2xx.</summary>
    public bool WasAccepted => Reply.StartsWith('2');
}
