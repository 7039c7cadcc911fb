using SmimeGateway.TestSupport;
using SmimeGateway.TestSupport.Modern;

namespace SmimeGateway.EndToEnd.Modern;

/// <summary>A gateway that signs twice, as the recipient's domain says: alice with RSA, erika with P-256, and both with ML-DSA; carol has no ML-DSA.</summary>
public sealed class TwoSignaturesGateway : IAsyncLifetime, IDisposable
{
    private readonly CollectingNextHop _nextHop = new();

    /// <summary>Where its files lie.</summary>
    public GatewayHome Home { get; } = new();

    /// <summary>The gateway.</summary>
    public GatewayProcess Process { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Write("alice@example.com", ModernKind.MlDsa65);
        Write("erika@example.com", ModernKind.MlDsa44);
        Write("frida@example.com", ModernKind.MlDsa87);
        var partner = TestPki.Issue("bob@triple.example");
        Home.Write("bob.key", TestPki.MakePem(partner));
        var certificates = Members.OfficeAndPartners(Home, TestPki.Issue("alice@example.com"), partner);
        TestPki.WriteP12(
            Home.Folder + "/more.pfx", Members.Password, [TestPki.Issue("erika@example.com", KeyKind.EcP256), TestPki.Issue("carol@example.com"), .. TestPki.Chain]);
        Members.Keep(Home.Folder + "/more.pfx");
        Home.Configure(Members.Join(
            Members.Senders,
            certificates.Replace(
                "\"office.password\" }",
                """
                "office.password" } }, { "name": "more", "pkcs12": "more.pfx", "password": { "file": "office.password" } },
                { "name": "quantum", "folder": "quantum" }, { "name": "issued", "authority": "issued", "issueKeys": "mlDsa", "issueFor": ["dora@example.com"] },
                { "name": "issued too", "authority": "issued-too", "issueFor": ["dora@example.com"]
                """,
                StringComparison.Ordinal),
            Members.Relay(_nextHop.Port),
            $"\"rules\": [{Rule("clear", "")}, {Rule("opaque", ", \"form\": \"opaque\"")}, {Rule("strict", ", \"whenMissing\": \"reject\"")}, "
            + Rule("triple", "")[..^1] + ", \"encrypt\": { \"to\": [\"partners\"], \"includeSender\": false }, \"wrap\": \"triple\" }]"));
        Process = await GatewayProcess.StartAsync(Home);
    }

    /// <summary>What leaves for bob at that domain.</summary>
    public async Task<byte[]> SendAsync(string domain, string sender)
    {
        var taken = _nextHop.Messages.Count;
        var reply = await Process.SendAsync(sender, "bob@" + domain, Message(sender));
        reply.Code.ShouldBe(250, reply.Text + "\n" + Process.Log);
        return (await _nextHop.ReceivesAsync(taken + 1))[taken].Content;
    }

    /// <summary>The message.</summary>
    public static byte[] Message(string sender) => Lines.Message(sender);

    public async Task DisposeAsync()
    {
        await (Process?.DisposeAsync() ?? ValueTask.CompletedTask);
        await _nextHop.DisposeAsync();
        Dispose();
    }

    public void Dispose() => Home.Dispose();

    private static string Rule(string name, string further) => $$"""
        { "name": "{{name}}", "when": { "recipient": "*@{{name}}.example" },
          "sign": { "with": ["office", "more", "issued", "issued too", "quantum"], "also": "mlDsa"{{further}} } }
        """;

    private void Write(string address, ModernKind kind)
    {
        var identity = ModernIdentity.Issue(address, kind);
        Members.Keep(Home.Write($"quantum/{address}.pem", identity.CertificatePem + identity.KeyPem));
    }
}
