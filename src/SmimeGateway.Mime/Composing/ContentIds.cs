using System.Buffers;

namespace SmimeGateway.Mime.Composing;

/// <summary>Names by which one part shows another (RFC 2392).</summary>
internal static class ContentIds
{
    private const int MaxLength = 200;

    private static readonly SearchValues<char> Allowed = SearchValues.Create(
        "!#$%&'*+-./0123456789=?@ABCDEFGHIJKLMNOPQRSTUVWXYZ^_`abcdefghijklmnopqrstuvwxyz{|}~");

    /// <summary>Whether it can stand between angle brackets as it is.</summary>
    public static bool IsWritable(string contentId) => contentId.Length is > 0 and <= MaxLength && !contentId.AsSpan().ContainsAnyExcept(Allowed);
}
