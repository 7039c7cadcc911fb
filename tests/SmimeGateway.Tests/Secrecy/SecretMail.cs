using System.Text;

namespace SmimeGateway.Tests.Secrecy;

/// <summary>Messages with a marker of their own in the body, in every encoding bodies come in; only the body has it.</summary>
internal static class SecretMail
{
    private const string Filler = "Nothing of this is for anybody but those it is written to. ";

    /// <summary>A message whose subject names the rule that it is for.</summary>
    public static byte[] Write(int number, string marker, string subject)
    {
        var text = new StringBuilder();
        for (var line = 0; line < (number % 50 == 7 ? 1500 : 12); line++)
        {
            text.Append(Filler).Append("\r\n");
        }

        text.Append($"This is {marker}, and nobody is to know.\r\n").Append(Filler).Append("\r\n");
        var fields = "From: Alice <alice@example.com>\r\nTo: bob@partner.example, carl@partner.example\r\nMIME-Version: 1.0\r\n"
            + $"Subject: {subject}\r\nMessage-ID: <{number}@example.com>\r\nDate: Fri, 20 Nov 2026 12:00:00 +0000\r\n";
        return Encoding.UTF8.GetBytes(fields + (number % 5) switch
        {
            0 => $"Content-Type: text/plain\r\n\r\n{text}",
            1 => $"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\nGrüße \r\n{text}",
            2 => $"Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n{Base64(text)}\r\n",
            3 => $"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=C3=BC {text}",
            _ => "Content-Type: multipart/mixed; boundary=part\r\n\r\n--part\r\n\r\nFrom here on it is attached.\r\n--part\r\n"
                + $"Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n\r\n{Base64(text)}\r\n--part--\r\n",
        });
    }

    private static string Base64(StringBuilder text) =>
        Convert.ToBase64String(Encoding.ASCII.GetBytes(text.ToString()), Base64FormattingOptions.InsertLineBreaks);
}
