using System.Net;
using System.Text;
using SmimeGateway.Accepting;
using SmimeGateway.Locating;
using SmimeGateway.Mime;
using SmimeGateway.Protecting;
using SmimeGateway.Queueing;
using SmimeGateway.Settings;
using SmimeGateway.Smtp;
using SmimeGateway.Tests.Relaying;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests.Held;

/// <summary>A key, and messages sealed with it.</summary>
internal sealed class SomeHeld : IDisposable
{
    public const string Secret = "The price is four hundred.";

    private readonly TemporaryFolder _folder = new();

    public SomeHeld(KeyKind kind = KeyKind.Rsa2048)
    {
        KeyFile = _folder["hold.pem"];
        TestPki.WritePem(KeyFile, TestPki.Issue("hold@example.com", kind));
        Key = HoldKey.At(_folder.Path, new SecretOptions { File = KeyFile });
    }

    public HoldKey Key { get; }

    public string KeyFile { get; }

    public static InboundMessage Message(params string[] recipients)
    {
        var session = new SmtpSessionIdentity("0HNPNF2V4V3K6", "internal", new IPEndPoint(IPAddress.Parse("192.0.2.7"), 40_001))
        {
            HeloName = "client.example.com",
            IsExtended = true,
            User = "älice \"the\" user\\",
        };
        var envelope = new Envelope(
            SomeQueued.Path("alice@example.com"),
            [.. recipients.Select(address => new EnvelopeRecipient(SomeQueued.Path(address)) { Notify = Notify.Success | Notify.Failure | Notify.Delay, OriginalRecipient = "rfc822;x@example.net" })])
        {
            Body = BodyType.EightBitMime,
            SmtpUtf8 = true,
            Return = ReturnedContent.Full,
            EnvelopeId = "QQ314159",
        };
        var content = Encoding.Latin1.GetBytes(
            $"Received: from client\r\nFrom: alice@example.com\r\nTo: bob@example.net\r\nSubject: offer\r\n\r\n{Secret}\r\n\r\nGrüße\rbare\nends \0\r\n");
        return new InboundMessage(session, envelope, content, SomeQueued.Accepted.AddMilliseconds(123));
    }

    public ProtectedMessage Seal(InboundMessage message) => HeldMail.Seal(message, message.Envelope.Recipients, OuterFields(message), Key);

    /// <summary>A sealed message as a worker gets it.</summary>
    public QueuedMessage Queued(params string[] recipients)
    {
        var held = Seal(Message(recipients));
        return SomeQueued.To(recipients) with { Envelope = held.Envelope, Content = held.Content, Protection = held.Protection };
    }

    public void Dispose()
    {
        Key.Dispose();
        _folder.Dispose();
    }

    private static List<HeaderField> OuterFields(InboundMessage message)
    {
        Entity.TryParse(message.Content, MimeLimits.Standard, out var entity, out _).ShouldBeTrue();
        return [.. entity!.Header.Where(field => field.Is("From") || field.Is("To") || field.Is("Received"))];
    }
}
