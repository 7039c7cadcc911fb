using System.Text;
using MailKit;

namespace SmimeGateway.EndToEnd.Ecosystem;

/// <summary>What MailKit and a server said, without the content of messages.</summary>
internal sealed class SpokenDialog : IProtocolLogger
{
    private readonly StringBuilder _text = new();

    public IAuthenticationSecretDetector? AuthenticationSecretDetector { get; set; }

    /// <summary>The commands, in the pieces that were sent at once.</summary>
    public List<string> Sent { get; } = [];

    public override string ToString() => _text.ToString();

    public void LogConnect(Uri uri) => _text.AppendLine(uri.ToString());

    public void LogClient(byte[] buffer, int offset, int count)
    {
        if (count < 2000)
        {
            Sent.Add(Encoding.UTF8.GetString(buffer, offset, count));
            _text.Append("C: ").Append(Sent[^1]);
        }
    }

    public void LogServer(byte[] buffer, int offset, int count) => _text.Append("S: ").Append(Encoding.UTF8.GetString(buffer, offset, count));

    public void Dispose()
    {
        // Nothing is held.
    }
}
