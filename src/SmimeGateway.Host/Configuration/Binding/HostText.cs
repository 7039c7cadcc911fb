using System.Buffers;

namespace SmimeGateway.Host.Configuration.Binding;

/// <summary>Host names.</summary>
internal static class HostText
{
    // RFC 1035, 2.3.4.
    private const int MaxNameLength = 253;
    private const int MaxLabelLength = 63;

    // The underscore is no letter of a host name, but networks have hosts that carry it.
    private static readonly SearchValues<char> LabelCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_");

    /// <summary>True for a host name, or an IPv4 address, which looks like one.</summary>
    public static bool IsHostName(ReadOnlySpan<char> text)
    {
        if (text.Length is 0 or > MaxNameLength)
        {
            return false;
        }

        foreach (var range in text.Split('.'))
        {
            var label = text[range];
            if (label.Length is 0 or > MaxLabelLength || label.ContainsAnyExcept(LabelCharacters) || label[0] == '-' || label[^1] == '-')
            {
                return false;
            }
        }

        return true;
    }
}
