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
    private GatewayProcess? _process;

    public async Task InitializeAsync()
    {
        _home.Configure(Members.Join(
            "\"senders\": [{ \"address\": [\"*@example.com\", \"*@partner.example\", \"*@market.example\"], \"clients\": [\"127.0.0.0/8\"] }]",
            Members.OfficeAndPartners(_home, TestPki.Issue("alice@example.com"), TestPki.Issue("known@partner.example"), TestPki.Issue("edi@market.example")),
            Members.Relay(_nextHop.Port),
            """
            "rules": [
              { "name": "market", "when": { "sender": "*@example.com", "recipient": "*@market.example" },
                "encrypt": { "to": ["partners", "seen"], "ciphers": ["aes128-gcm", "aes256-cbc"] } },
              { "name": "partners", "when": { "sender": "*@example.com", "recipient": "*@partner.example" },
                "encrypt": { "to": ["partners", "seen"] } } ]
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
    internal async Task<IReadOnlyList<string>> CiphersAsync(params string[] recipients)
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
        return await Task.WhenAll(received.Select(CipherAsync));
    }

    private static async Task<string> CipherAsync(CollectedMessage message)
    {
        var printed = await OpenSsl.PrintAsync(message.Content);
        return ContentCipher().Match(printed).Groups[1].Value;
    }

    /// <summary>The partner sends a signed message that says what it reads, in the order of its preference.</summary>
    internal async Task AnnounceAsync(string partner, params string[] ciphers)
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

        var signer = new CmsSigner(TestPki.Issue(partner)) { IncludeOption = X509IncludeOption.None, DigestAlgorithm = new Oid("2.16.840.1.101.3.4.2.1") };
        signer.Certificates.Add(TestPki.Public(signer.Certificate!));
        signer.Certificates.Add(TestPki.Public(TestPki.Intermediate));
        signer.SignedAttributes.Add(new AsnEncodedData(new Oid("1.2.840.113549.1.9.15"), capabilities.Encode()));
        var signed = new SignedCms(new ContentInfo(Lines.Crlf("Content-Type: text/plain\n\nHello.\n")));
        signed.ComputeSignature(signer);
        var body = Convert.ToBase64String(signed.Encode(), Base64FormattingOptions.InsertLineBreaks);
        var message = Encoding.ASCII.GetBytes(
            $"From: {partner}\r\nTo: alice@example.com\r\nSubject: signed\r\nMIME-Version: 1.0\r\n"
            + $"Content-Type: application/pkcs7-mime; smime-type=signed-data; name=smime.p7m\r\nContent-Transfer-Encoding: base64\r\n\r\n{body}\r\n");
        var reply = await Gateway.SendAsync(partner, "alice@example.com", message);
        reply.Code.ShouldBe(250, reply.Text);
    }

    [GeneratedRegex("contentEncryptionAlgorithm:\\s+algorithm: (\\S+)")]
    private static partial Regex ContentCipher();
}
