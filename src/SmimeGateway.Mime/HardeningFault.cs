namespace SmimeGateway.Mime;

/// <summary>Why a content was not made fit for a clear signature.</summary>
/// <param name="Reason">The reason, for the log.</param>
/// <param name="AllowsOpaque">
/// True where only its way through relays is at stake: it cannot be rewritten without some program reading it differently afterwards, but
/// a form that carries every octet can hold it as it is. False where it exceeds a limit.
/// </param>
public sealed record HardeningFault(string Reason, bool AllowsOpaque)
{
    internal static HardeningFault InTransit(string reason) => new(reason, AllowsOpaque: true);
}
