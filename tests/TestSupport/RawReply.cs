namespace SmimeGateway.TestSupport;

/// <summary>A whole SMTP reply, as it came.</summary>
/// <param name="Code">The three digits, or 0 when the server closed the connection instead of answering.</param>
/// <param name="Text">Every line, joined with a newline.</param>
public sealed record RawReply(int Code, string Text)
{
    /// <summary>What stands for a connection that ended without a reply.</summary>
    public static RawReply Closed { get; } = new(0, "(connection closed)");

    /// <inheritdoc/>
    public override string ToString() => Text;
}
