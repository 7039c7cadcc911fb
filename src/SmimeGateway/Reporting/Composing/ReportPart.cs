using System.Text;
using SmimeGateway.Mime.Transfer;

namespace SmimeGateway.Reporting.Composing;

/// <summary>One part of a report.</summary>
/// <param name="Header">Its fields, each with its line end.</param>
/// <param name="Body">Its body as it travels.</param>
internal sealed record ReportPart(string Header, ReadOnlyMemory<byte> Body)
{
    /// <summary>Its length in octets.</summary>
    public int Length => Header.Length + Body.Length;

    /// <summary>A part with text, encoded where it needs to be.</summary>
    public static ReportPart Text(string contentType, string description, string text) =>
        Encoded(contentType, description, Encoding.UTF8.GetBytes(text));

    /// <summary>A part with octets, encoded where it needs to be. RFC 6533 section 4.4 allows that for its types, RFC 6522 for headers.</summary>
    public static ReportPart Encoded(string contentType, string description, ReadOnlyMemory<byte> octets) =>
        SevenBitText.Holds(octets.Span)
            ? Plain(contentType, description, octets)
            : new ReportPart(
                Fields(contentType, description) + "Content-Transfer-Encoding: quoted-printable\r\n", QuotedPrintable.Encode(octets.Span));

    /// <summary>A part whose octets travel as they are.</summary>
    public static ReportPart Plain(string contentType, string description, ReadOnlyMemory<byte> octets) =>
        new(Fields(contentType, description), octets);

    /// <summary>True when the text occurs in the body.</summary>
    public bool Holds(string text) => Body.Span.IndexOf(Encoding.ASCII.GetBytes(text)) >= 0;

    private static string Fields(string contentType, string description) =>
        $"Content-Type: {contentType}\r\nContent-Description: {description}\r\n";
}
