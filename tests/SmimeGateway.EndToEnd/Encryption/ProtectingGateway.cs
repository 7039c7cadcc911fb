using System.Security.Cryptography.X509Certificates;
using SmimeGateway.TestSupport;

namespace SmimeGateway.EndToEnd.Encryption;

/// <summary>A gateway that protects the header of mail whose subject and a field of its own ask for it, in a way for each recipient's domain.</summary>
public sealed class ProtectingGateway : IAsyncLifetime, IDisposable
{
    private const string Encrypt = "\"encrypt\": { \"to\": \"folder\", \"protectHeaders\": true, \"legacyDisplay\": true }";

    private readonly GatewayHome _home = new();
    private readonly CollectingNextHop _nextHop = new();
    private readonly Dictionary<string, X509Certificate2> _keys = EncryptedDomains.ToDictionary(domain => domain, domain => TestPki.Issue("bob@" + domain));
    private GatewayProcess? _process;

    public static IReadOnlyList<string> EncryptedDomains { get; } = ["encrypted.example", "clear.example", "opaque.example", "triple.example"];

    public GatewayProcess Process => _process!;

    public async Task InitializeAsync()
    {
        foreach (var (domain, certificate) in _keys)
        {
            _home.Write($"partners/{domain}.pem", TestPki.MakeCertificatePem(TestPki.Public(certificate)));
            _home.Write($"{domain}.key", TestPki.MakePem(certificate));
        }

        _home.Write("root.pem", TestPki.MakeCertificatePem(TestPki.Public(TestPki.Root)));
        _home.Write("intermediate.pem", TestPki.MakeCertificatePem(TestPki.Public(TestPki.Intermediate)));
        var office = Members.Office(_home, TestPki.Issue("alice@example.com"));
        _home.Configure(Members.Join(
            Members.Senders,
            office[..^1] + """
                , "partners": [{ "name": "folder", "folder": "partners" }], "trust": { "roots": ["root.pem"], "intermediates": ["intermediate.pem"] } }
                """,
            Members.Relay(_nextHop.Port),
            $$"""
            "rules": [
              {{Rule("encrypted.example", Encrypt)}},
              {{Rule("clear.example", Encrypt + """, "sign": { "with": "office" } """)}},
              {{Rule("opaque.example", Encrypt + """, "sign": { "with": "office", "form": "opaque" } """)}},
              {{Rule("triple.example", Encrypt + """, "sign": { "with": "office" }, "wrap": "triple" """)}},
              {{Rule("signed.example", """ "sign": { "with": "office", "protectHeaders": true } """)}}
            ]
            """));
        _process = await GatewayProcess.StartAsync(_home);
    }

    /// <summary>Sends a message from alice, and returns it as it leaves.</summary>
    public async Task<CollectedMessage> SendAsync(string recipient, byte[] message)
    {
        var reply = await Process.SendAsync("alice@example.com", recipient, message);
        reply.Code.ShouldBe(250, reply.Text);
        await Eventually.TrueAsync(() => _nextHop.Messages.Any(IsForRecipient));
        return _nextHop.Messages.Single(IsForRecipient);

        bool IsForRecipient(CollectedMessage received) => received.Recipients.Contains(recipient);
    }

    public async Task<byte[]> DecryptAsync(string domain, byte[] message) =>
        (await Tool.MustAsync("openssl", ["cms", "-decrypt", "-recip", $"{_home.Folder}/{domain}.key"], message)).OutputBytes;

    public async Task<byte[]> VerifyAsync(byte[] message) =>
        (await Tool.MustAsync("openssl", ["cms", "-verify", "-purpose", "any", "-CAfile", _home.Folder + "/root.pem"], message)).OutputBytes;

    public async Task DisposeAsync()
    {
        await (_process?.DisposeAsync() ?? ValueTask.CompletedTask);
        await _nextHop.DisposeAsync();
        Dispose();
    }

    public void Dispose()
    {
        _home.Dispose();
        foreach (var certificate in _keys.Values)
        {
            certificate.Dispose();
        }
    }

    private static string Rule(string domain, string what) => $$"""
        { "name": "{{domain}}", "when": { "recipient": "*@{{domain}}", "subject": "*[secure]*", "header": { "X-Secure": "y*" } },
          "removeTrigger": true, {{what}} }
        """;
}
