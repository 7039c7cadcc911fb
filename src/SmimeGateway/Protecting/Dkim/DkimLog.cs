using Microsoft.Extensions.Logging;

namespace SmimeGateway.Protecting.Dkim;

/// <summary>What the log says of signatures in the name of domains.</summary>
internal static partial class DkimLog
{
    // What others wrote into their signatures may be any length.
    private const int MaxName = 255;

    /// <summary>Tells of a message: what was signed and what not, and what broke.</summary>
    public static void DomainSigned(this ILogger log, string session, DomainSigning signing)
    {
        if (log.IsEnabled(LogLevel.Information))
        {
            foreach (var broken in signing.Foreign.Broken)
            {
                log.Broke(session, Short(broken.Domain), Short(broken.Selector), signing.Foreign.AreRemoved ? "is taken out" : "stays in it");
            }
        }

        if (signing.Foreign.Unjudged > 0)
        {
            log.Unjudged(session, signing.Foreign.Unjudged);
        }

        if (signing.UnsignedBecause is { } reason)
        {
            log.NotSigned(session, reason);
        }

        if (log.IsEnabled(LogLevel.Debug))
        {
            foreach (var made in signing.Made)
            {
                log.Signed(session, made.Domain, made.Selector, made.Algorithm, string.Join(':', made.Fields));
            }
        }
    }

    /// <summary>Tells of a report that leaves unsigned although a domain was to sign it.</summary>
    [LoggerMessage(Level = LogLevel.Warning, Message = "{Message} the report about it leaves without its DKIM signature, as it cannot wait: {Reason}")]
    public static partial void ReportUnsigned(this ILogger log, string message, string reason);

    private static string Short(string name) => name.Length > MaxName ? name[..MaxName] : name;

    [LoggerMessage(Level = LogLevel.Information, Message = "{Session} the DKIM signature of {Domain} ({Selector}) that it came with does not fit what leaves, and {Fate}")]
    private static partial void Broke(this ILogger log, string session, string domain, string selector, string fate);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Session} {Count} DKIM signature(s) that it came with could not be judged, and stay in it")]
    private static partial void Unjudged(this ILogger log, string session, int count);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Session} no domain signs it: {Reason}")]
    private static partial void NotSigned(this ILogger log, string session, string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Session} signed by {Domain}, selector {Selector}, {Algorithm}, fields {Fields}: read back and verified")]
    private static partial void Signed(this ILogger log, string session, string domain, string selector, string algorithm, string fields);
}
