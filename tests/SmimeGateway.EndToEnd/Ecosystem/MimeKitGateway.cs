using System.Security.Cryptography.X509Certificates;
using SmimeGateway.TestSupport;

namespace SmimeGateway.EndToEnd.Ecosystem;

/// <summary>A gateway that protects mail as the recipient's domain says, and the keys of those who are to read it.</summary>
public sealed class MimeKitGateway : IAsyncLifetime, IDisposable
{
    /// <summary>A rule for each domain: what it does, and the key of the recipient.</summary>
    private static readonly Dictionary<string, (string What, KeyKind Key)> Domains = new()
    {
        ["clear.example"] = (Sign(), KeyKind.Rsa2048),
        ["opaque.example"] = (Sign(", \"form\": \"opaque\""), KeyKind.Rsa2048),
        ["pss.example"] = (Sign(", \"padding\": \"pss\", \"digest\": \"sha512\""), KeyKind.Rsa2048),
        ["encrypt.example"] = (Encrypt(), KeyKind.Rsa2048),
        ["oaep.example"] = (Encrypt(", \"keyTransport\": \"oaep-sha256\""), KeyKind.Rsa2048),
        ["elliptic.example"] = (Encrypt(), KeyKind.EcP256),
        ["gcm.example"] = (Encrypt(", \"ciphers\": [\"aes256-gcm\"]"), KeyKind.Rsa2048),
        ["both.example"] = ($"{Sign()}, {Encrypt()}", KeyKind.Rsa2048),
        ["triple.example"] = ($"{Sign()}, {Encrypt()}, \"wrap\": \"triple\"", KeyKind.Rsa2048),
        ["header.example"] = ($"{Sign()}, {Encrypt(", \"protectHeaders\": true")}", KeyKind.Rsa2048),
    };

    private readonly GatewayHome _home = new();
    private readonly CollectingNextHop _nextHop = new();
    private readonly Dictionary<string, X509Certificate2> _readers = Domains.ToDictionary(
        domain => domain.Key, domain => TestPki.Issue("bob@" + domain.Key, domain.Value.Key));

    private GatewayProcess? _process;

    /// <summary>The keys of all recipients.</summary>
    public IEnumerable<X509Certificate2> Readers => _readers.Values;

    /// <summary>Writes the key and the certificate of bob at that domain to a file.</summary>
    public string WriteReader(string domain) => _home.Write(domain + ".key", TestPki.MakePem(_readers[domain]));

    public async Task InitializeAsync()
    {
        var certificates = Members.OfficeAndPartners(_home, TestPki.Issue("alice@example.com"), [.. _readers.Values]);
        _home.Configure(Members.Join(
            Members.Senders,
            certificates.Replace("\"office.password\" }", "\"office.password\" } }, { \"name\": \"elliptic\", \"pkcs12\": \"elliptic.pfx\", \"password\": { \"file\": \"office.password\" }", StringComparison.Ordinal),
            Members.Relay(_nextHop.Port),
            $"\"rules\": [{string.Join(",\n", Domains.Select(domain => $$"""{ "name": "{{domain.Key}}", "when": { "recipient": "*@{{domain.Key}}" }, {{domain.Value.What}} }"""))}]"));
        TestPki.WriteP12(_home.Folder + "/elliptic.pfx", Members.Password, [TestPki.Issue("erika@example.com", KeyKind.EcP256), .. TestPki.Chain]);
        _process = await GatewayProcess.StartAsync(_home);
    }

    /// <summary>What leaves for bob at that domain.</summary>
    public async Task<CollectedMessage> SendAsync(string domain, byte[] message, string sender = "alice@example.com")
    {
        var taken = _nextHop.Messages.Count;
        var reply = await _process!.SendAsync(sender, "bob@" + domain, message);
        reply.Code.ShouldBe(250, reply.Text + "\n" + _process.Log);
        return (await _nextHop.ReceivesAsync(taken + 1))[taken];
    }

    public async Task DisposeAsync()
    {
        await (_process?.DisposeAsync() ?? ValueTask.CompletedTask);
        await _nextHop.DisposeAsync();
        Dispose();
    }

    public void Dispose() => _home.Dispose();

    private static string Sign(string further = "") => $"\"sign\": {{ \"with\": [\"office\", \"elliptic\"], \"whenMissing\": \"reject\"{further} }}";

    private static string Encrypt(string further = "") =>
        $"\"encrypt\": {{ \"to\": [\"partners\"], \"includeSender\": false, \"whenMissing\": \"reject\"{further} }}";
}
