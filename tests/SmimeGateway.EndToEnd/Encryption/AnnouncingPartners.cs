using System.Collections.Concurrent;
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.RegularExpressions;
using SmimeGateway.TestSupport;

namespace SmimeGateway.EndToEnd.Encryption;

/// <summary>A gateway that encrypts to partners whose certificates it was given, and to those who send signed mail through it.</summary>
public sealed partial class AnnouncingPartners : IAsyncLifetime, IDisposable
{
    private readonly GatewayHome _home = new();
    private readonly CollectingNextHop _nextHop = new();
    private readonly ConcurrentDictionary<string, X509Certificate2> _certificates = new();
    private GatewayProcess? _process;

    public async Task InitializeAsync()
    {
        _home.Configure(Members.Join(
            "\"senders\": [{ \"address\": [\"*@example.com\", \"*@partner.example\", \"*@market.example\"], \"clients\": [\"127.0.0.0/8\"] }]",
            Members.OfficeAndPartners(_home, TestPki.Issue("alice@example.com"), SomeOf("known@partner.example"), SomeOf("edi@market.example"), SomeOf("listed@folder.example")),
            Members.Relay(_nextHop.Port),
            """
            "rules": [
              { "name": "market", "when": { "sender": "*@example.com", "recipient": "*@market.example" },
                "encrypt": { "to": ["partners", "seen"], "ciphers": ["aes128-gcm", "aes256-cbc"] } },
              { "name": "partners", "when": { "sender": "*@example.com", "recipient": "*@partner.example" },
                "encrypt": { "to": ["partners", "seen"] } },
              { "name": "folder", "when": { "sender": "*@example.com", "recipient": "*@folder.example" },
                "encrypt": { "to": ["partners"] } } ]
            """));
        _process = await GatewayProcess.StartAsync(_home);
    }

    public async Task DisposeAsync()
    {
        await (_process?.DisposeAsync() ?? ValueTask.CompletedTask);
        await _nextHop.DisposeAsync();
        Dispose();
    }

    public void Dispose() => _home.Dispose();

    internal GatewayProcess Gateway => _process!;

    /// <summary>The ciphers of what leaves for these recipients, as OpenSSL names them, one for each message; none where it is refused.</summary>
    internal async Task<IReadOnlyList<string>> CiphersAsync(params string[] recipients) =>
        [.. (await SendAsync(recipients)).Select(printed => ContentCipher().Match(printed).Groups[1].Value)];

    /// <summary>To how many keys a message to one recipient is encrypted, that of the author included.</summary>
    internal async Task<int> KeysAsync(string recipient) => RecipientInfo().Count((await SendAsync([recipient])).Single());

    private async Task<IReadOnlyList<string>> SendAsync(string[] recipients)
    {
        var subject = Guid.NewGuid().ToString("N");
        await using var dialog = await Gateway.DialogAsync();
        var message = Lines.Message("alice@example.com", string.Join(", ", recipients), subject);
        if ((await dialog.SendAsync("alice@example.com", recipients, message)).Code != 250)
        {
            return [];
        }

        IReadOnlyList<CollectedMessage> received = [];
        await Eventually.TrueAsync(() =>
        {
            received = [.. _nextHop.Messages.Where(taken => taken.Field("Subject") == subject)];
            return received.Sum(taken => taken.Recipients.Count) == recipients.Length;
        });
        return await Task.WhenAll(received.Select(taken => OpenSsl.PrintAsync(taken.Content)));
    }

    /// <summary>The partner sends a signed message that says what it reads, in the order of its preference.</summary>
    internal Task AnnounceAsync(string partner, params string[] ciphers) =>
        AnnounceAsync(partner, SomeOf(partner), TimeProvider.System.GetUtcNow(), partner, ciphers);

    /// <summary>Somebody sends a signed message of the partner.</summary>
    /// <param name="partner">Who signed.</param>
    /// <param name="certificate">With what.</param>
    /// <param name="signed">When.</param>
    /// <param name="from">The reverse path under which it comes, or nothing for the null sender.</param>
    /// <param name="ciphers">What it announces.</param>
    internal async Task AnnounceAsync(string partner, X509Certificate2 certificate, DateTimeOffset signed, string from, params string[] ciphers)
    {
        var capabilities = new AsnWriter(AsnEncodingRules.DER);
        using (capabilities.PushSequence())
        {
            foreach (var cipher in ciphers)
            {
                using (capabilities.PushSequence())
                {
                    capabilities.WriteObjectIdentifier(cipher);
                }
            }
        }

        var signer = new CmsSigner(certificate) { IncludeOption = X509IncludeOption.None, DigestAlgorithm = new Oid("2.16.840.1.101.3.4.2.1") };
        signer.Certificates.Add(TestPki.Public(signer.Certificate!));
        signer.Certificates.Add(TestPki.Public(TestPki.Intermediate));
        signer.SignedAttributes.Add(new AsnEncodedData(new Oid("1.2.840.113549.1.9.15"), capabilities.Encode()));
        signer.SignedAttributes.Add(new Pkcs9SigningTime(signed.UtcDateTime));
        var cms = new SignedCms(new ContentInfo(Lines.Crlf("Content-Type: text/plain\n\nHello.\n")));
        cms.ComputeSignature(signer);
        var body = Convert.ToBase64String(cms.Encode(), Base64FormattingOptions.InsertLineBreaks);
        var message = Encoding.ASCII.GetBytes(
            $"From: {partner}\r\nTo: alice@example.com\r\nSubject: signed\r\nMIME-Version: 1.0\r\n"
            + $"Content-Type: application/pkcs7-mime; smime-type=signed-data; name=smime.p7m\r\nContent-Transfer-Encoding: base64\r\n\r\n{body}\r\n");
        var reply = await Gateway.SendAsync(from, "alice@example.com", message);
        reply.Code.ShouldBe(250, reply.Text);
    }

    /// <summary>The certificate of a partner, always the same one.</summary>
    internal X509Certificate2 SomeOf(string partner) => _certificates.GetOrAdd(partner, static address => TestPki.Issue(address));

    [GeneratedRegex("contentEncryptionAlgorithm:\\s+algorithm: (\\S+)")]
    private static partial Regex ContentCipher();

    [GeneratedRegex("d\\.ktri:")]
    private static partial Regex RecipientInfo();
}
