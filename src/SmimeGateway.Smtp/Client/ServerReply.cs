namespace SmimeGateway.Smtp.Client;

/// <summary>A reply of the server, reduced to what a client keeps.</summary>
/// <param name="Code">The three digits, 200 to 599.</param>
/// <param name="Status">The enhanced code the reply began with, or null when it had none of the same class.</param>
/// <param name="Text">
/// The whole reply on one line, the code first, lines joined by a space: printable characters only, at most
/// <see cref="ReplyParser.MaxTextChars"/>.
/// </param>
public sealed record ServerReply(int Code, EnhancedStatus? Status, string Text)
{
    /// <summary>True for 2xx.</summary>
    public bool IsPositive => Code is >= 200 and <= 299;

    /// <summary>True for 5xx.</summary>
    public bool IsPermanent => Code is >= 500 and <= 599;
}
