using System.Text;

namespace SmimeGateway.Smtp.Tests.Client;

/// <summary>Envelopes and contents whose details do not matter.</summary>
internal static class SomeMail
{
    public static ReadOnlyMemory<byte> Content { get; } = Encoding.ASCII.GetBytes("Subject: hello\r\n\r\nBody.\r\n");

    public static Envelope Envelope { get; } = To("bob@example.net");

    public static Envelope To(params string[] recipients) => From("alice@example.com", recipients);

    public static Envelope From(string sender, params string[] recipients) =>
        new(sender.Length == 0 ? MailPath.Null : Path(sender), [.. recipients.Select(text => new EnvelopeRecipient(Path(text)))]);

    public static byte[] ContentOf(int bytes)
    {
        var content = new byte[bytes];
        content.AsSpan().Fill((byte)'x');
        for (var i = 76; i + 2 <= bytes; i += 78)
        {
            content[i] = (byte)'\r';
            content[i + 1] = (byte)'\n';
        }

        "\r\n"u8.CopyTo(content.AsSpan(bytes - 2));
        return content;
    }

    private static MailPath Path(string text) =>
        MailPath.TryParse(text, out var path) ? path : throw new ArgumentException(text, nameof(text));
}
