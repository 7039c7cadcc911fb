using SmimeGateway.Mime.Structure;

namespace SmimeGateway.Mime;

/// <summary>
/// Holds what is composed here to the limits that reading keeps, before it is signed or encrypted: folding, protected copies and
/// repairs make a header longer, and nobody could verify or open one that is beyond them.
/// </summary>
public static class HeaderLimits
{
    // The fields that make a message of a protected content, in any form: MIME-Version, Content-Type, its encoding and disposition.
    private const int WrittenFields = 4;
    private const int WrittenOctets = 512;

    /// <summary>Which limit the header of the content, or the one outside, exceeds once they are composed; null where none.</summary>
    public static MimeFault? FindExcess(SplitMessage message, MimeLimits limits)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(limits);
        return FindExcess(message.ContentFields, limits, limits.MaxHeaderFields, "\r\n".Length)
            ?? FindExcess(message.OuterFields, limits, limits.MaxHeaderFields + limits.AddedFields - WrittenFields, WrittenOctets);
    }

    internal static MimeFault? FindExcess(IReadOnlyList<HeaderField> content, MimeLimits limits) =>
        FindExcess(content, limits, limits.MaxHeaderFields, "\r\n".Length);

    internal static MimeFault TooManyFields(MimeLimits limits, long offset) =>
        new($"the header section has more than {limits.MaxHeaderFields} fields", offset) { Limit = nameof(MimeLimits.MaxHeaderFields) };

    internal static MimeFault TooManyOctets(MimeLimits limits, long offset) =>
        new($"the header section has more than {limits.MaxHeaderBytes} octets", offset) { Limit = nameof(MimeLimits.MaxHeaderBytes) };

    private static MimeFault? FindExcess(IReadOnlyList<HeaderField> fields, MimeLimits limits, int most, int more) =>
        fields.Count > most ? TooManyFields(limits, 0)
        : MessageWriter.LengthOf(fields) + more > limits.MaxHeaderBytes ? TooManyOctets(limits, 0)
        : null;
}
