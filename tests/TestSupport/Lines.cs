using System.Text;

namespace SmimeGateway.TestSupport;

/// <summary>Message bytes from text that is written with plain line feeds.</summary>
public static class Lines
{
    /// <summary>UTF-8 with CR LF line ends.</summary>
    public static byte[] Crlf(string text) =>
        Encoding.UTF8.GetBytes(text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace("\n", "\r\n", StringComparison.Ordinal));

    /// <summary>A copy in which a line feed without a carriage return before it got one, as files of corpora need it.</summary>
    public static byte[] Crlf(ReadOnlySpan<byte> file)
    {
        var mail = new List<byte>(file.Length + 256);
        var previous = (byte)0;
        foreach (var octet in file)
        {
            if (octet == (byte)'\n' && previous != (byte)'\r')
            {
                mail.Add((byte)'\r');
            }

            mail.Add(octet);
            previous = octet;
        }

        return [.. mail];
    }

    /// <summary>A short text message.</summary>
    public static byte[] Message(string from, string to = "bob@example.net", string subject = "Hello", string body = "Hello,\n\nthis is a message.\n") =>
        Crlf($"From: {from}\nTo: {to}\nSubject: {subject}\nDate: Fri, 20 Nov 2026 12:00:00 +0000\nMessage-ID: <1@client.example.com>\n\n{body}");
}
