using System.Globalization;
using System.Text;
using MailKit;
using SmimeGateway.Host.Telemetry;

namespace SmimeGateway.Host.Commands.Sending;

/// <summary>Shows a dialogue as it is held: what is said, what is answered, of a message its size alone, and of secrets nothing.</summary>
/// <param name="show">Gets each line.</param>
internal sealed class SpokenLines(Action<string> show) : IProtocolLogger
{
    private const string Continue = "354";
    private const int MaxLine = 1000;

    private readonly StringBuilder _heard = new();
    private long _content = -1;

    /// <inheritdoc/>
    public IAuthenticationSecretDetector? AuthenticationSecretDetector { get; set; }

    /// <inheritdoc/>
    public void LogConnect(Uri uri) => show($"** connected to {uri.Host}:{uri.Port}");

    /// <inheritdoc/>
    public void LogClient(byte[] buffer, int offset, int count)
    {
        if (_content >= 0)
        {
            _content += count;
            return;
        }

        var said = buffer.AsSpan(offset, count).ToArray();
        foreach (var secret in AuthenticationSecretDetector?.DetectSecrets(buffer, offset, count) ?? [])
        {
            said.AsSpan(secret.StartIndex - offset, secret.Length).Fill((byte)'*');
        }

        foreach (var line in Encoding.UTF8.GetString(said).Split("\r\n", StringSplitOptions.RemoveEmptyEntries))
        {
            show("-> " + Fit(line));
        }
    }

    /// <inheritdoc/>
    public void LogServer(byte[] buffer, int offset, int count)
    {
        if (_content >= 0)
        {
            show(string.Create(CultureInfo.InvariantCulture, $"-> (the message and its final dot, {_content:N0} octets)"));
            _content = -1;
        }

        // An answer may come in pieces, and one that never ends its line is shown in such.
        _heard.Append(Encoding.UTF8.GetString(buffer, offset, count));
        for (var text = _heard.ToString(); text.IndexOf('\n', StringComparison.Ordinal) is var end && (end >= 0 || text.Length > MaxLine); text = _heard.ToString())
        {
            var length = end >= 0 && end <= MaxLine ? end : MaxLine;
            var line = text[..length].TrimEnd('\r');
            _heard.Remove(0, length + (length == end ? 1 : 0));
            show("<- " + Fit(line));
            if (line.StartsWith(Continue, StringComparison.Ordinal))
            {
                _content = 0;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // Nothing is held.
    }

    private static string Fit(string line) => PlainText.Of(line.Length <= MaxLine ? line : line[..MaxLine] + "...");
}
