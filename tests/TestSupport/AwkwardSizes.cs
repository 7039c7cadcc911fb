using System.Text;

namespace SmimeGateway.TestSupport;

/// <summary>Messages that are awkward because they are large.</summary>
internal static class AwkwardSizes
{
    private const int AttachmentBytes = 10 * 1024 * 1024;

    public static IReadOnlyList<AwkwardMessage> All { get; } =
    [
        new("an attachment of 10 MB in base64", Attachment()),
        new("10 MB of 8-bit text with trailing blanks", EightBitText()),
        new("a thousand small parts", ManyParts(1000)),
        new("a header of 60 KB", AwkwardMessages.Compose(
            "References:\n" + string.Concat(Enumerable.Range(0, 1000).Select(number => $" <{number:d8}.{new string('r', 40)}@example.com>\n")), "text\n")),
    ];

    private static byte[] Attachment()
    {
        var bytes = new byte[AttachmentBytes];
        new Random(1).NextBytes(bytes);
        return AwkwardMessages.Compose(
            "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=big\n",
            "--big\n\nsee attachment\n--big\nContent-Type: application/octet-stream\nContent-Transfer-Encoding: base64\n\n"
            + Convert.ToBase64String(bytes, Base64FormattingOptions.InsertLineBreaks) + "\n--big--\n");
    }

    private static byte[] EightBitText()
    {
        var line = "Zeile f\u00fcr Zeile, hinten ein Leerzeichen \n";
        return AwkwardMessages.Compose(
            "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n",
            new StringBuilder().Insert(0, line, AttachmentBytes / Encoding.UTF8.GetByteCount(line)).ToString());
    }

    private static byte[] ManyParts(int count) => AwkwardMessages.Compose(
        "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=many\n",
        string.Concat(Enumerable.Range(0, count).Select(number => $"--many\n\npart {number} \n")) + "--many--\n");
}
