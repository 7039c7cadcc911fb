using System.Globalization;

namespace SmimeGateway.Smtp.Client;

/// <summary>Reads the enhanced code that begins the text of a reply (RFC 2034 section 4).</summary>
internal static class EnhancedStatusText
{
    /// <summary>True when the text begins with a code of class 2, 4 or 5 that ends with the text or a space.</summary>
    public static bool TryRead(ReadOnlySpan<char> text, out EnhancedStatus status)
    {
        status = default;
        var end = text.IndexOf(' ');
        var code = end < 0 ? text : text[..end];
        if (code.Length is < 5 or > 9 || code[0] is not ('2' or '4' or '5') || code[1] != '.')
        {
            return false;
        }

        var dot = code[2..].IndexOf('.');
        if (dot < 1 || !TryReadNumber(code.Slice(2, dot), out var subject) || !TryReadNumber(code[(dot + 3)..], out var detail))
        {
            return false;
        }

        status = new EnhancedStatus(code[0] - '0', subject, detail);
        return true;
    }

    private static bool TryReadNumber(ReadOnlySpan<char> digits, out int number)
    {
        number = 0;
        return digits.Length is >= 1 and <= 3 && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
