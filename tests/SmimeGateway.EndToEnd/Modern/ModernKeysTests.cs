using System.Text;
using SmimeGateway.TestSupport;
using SmimeGateway.TestSupport.Modern;

namespace SmimeGateway.EndToEnd.Modern;

/// <summary>The whole gateway with keys that the framework has none of, from files to the octets that others read.</summary>
public sealed class ModernKeysTests : IDisposable
{
    private const string Alice = "alice@example.com";
    private const string Bob = "bob@example.net";
    private const string Mail = "From: alice@example.com\r\nTo: bob@example.net\r\nSubject: hello\r\n\r\nGeheim\r\n";

    private readonly GatewayHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Mail_signed_with_Ed25519_and_encrypted_to_X25519_is_read_by_others_and_by_the_commands()
    {
        var alice = ModernIdentity.Issue(Alice, ModernKind.Ed25519);
        var bob = ModernIdentity.Issue(Bob, ModernKind.X25519);
        Configure(
            alice.CertificatePem + TestPki.MakeCertificatePem(TestPki.Public(TestPki.Intermediate)) + bob.CertificatePem, alice.KeyPem + bob.KeyPem, bob.CertificatePem);
        await using var gateway = await GatewayProcess.StartAsync(_home);

        (await gateway.SendAsync(Alice, Bob, Encoding.ASCII.GetBytes(Mail))).Code.ShouldBe(250);

        await Eventually.TrueAsync(() => _home.OutboxMessages().Count == 1);
        var encrypted = Path.Combine(_home.Folder, "encrypted.eml");
        await File.WriteAllBytesAsync(encrypted, _home.OutboxMessages()[0]);
        var opened = Encoding.ASCII.GetString((await Foreign.NodeDecryptsAsync(bob, Body(encrypted)))!);
        opened.ShouldContain("micalg=sha-512");
        var (signed, signature) = SplitSigned(opened);
        (await Foreign.GnuTlsJudgesAsync(TestPki.Root.ExportCertificatePem(), signature, signed)).IsGood.ShouldBeTrue();
        Encoding.ASCII.GetString(signed).ShouldContain("Geheim");

        var verified = await GatewayProcess.CommandAsync(_home, "verify", encrypted);
        verified.ExitCode.ShouldBe(0, verified.Text);
        verified.Text.ShouldContain("X25519 HKDF SHA-256, AES-256 key wrap");
        verified.Text.ShouldContain("Ed25519, SHA-512");
        (await GatewayProcess.CommandAsync(_home, "decrypt", encrypted)).Text.ShouldContain("Geheim");
        (await GatewayProcess.CommandAsync(_home, "check")).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task Bouncy_Castle_is_loaded_by_the_first_key_that_needs_it_and_by_nothing_else()
    {
        Directory.CreateDirectory(Path.Combine(_home.Folder, "partners"));
        var alice = TestPki.Issue(Alice, KeyKind.EcP256);
        Configure(TestPki.MakeCertificatePem([alice, TestPki.Public(TestPki.Intermediate)]), TestPki.MakeKeyPem(alice), TestPki.MakeCertificatePem(TestPki.Issue(Bob)));
        await using var gateway = await GatewayProcess.StartAsync(_home);
        (await gateway.SendAsync(Alice, Bob, Encoding.ASCII.GetBytes(Mail))).Code.ShouldBe(250);
        await Eventually.TrueAsync(() => _home.OutboxMessages().Count == 1);

        IsLoaded(gateway).ShouldBeFalse();

        _home.Write("partners/bob.pem", ModernIdentity.Issue(Bob, ModernKind.X448).CertificatePem);
        await Eventually.TrueAsync(async () =>
        {
            (await gateway.SendAsync(Alice, Bob, Encoding.ASCII.GetBytes(Mail))).Code.ShouldBe(250);
            return IsLoaded(gateway);
        });
    }

    private static bool IsLoaded(GatewayProcess gateway) =>
        File.ReadAllText($"/proc/{gateway.Id}/maps").Contains("BouncyCastle", StringComparison.Ordinal);

    private void Configure(string certificates, string key, string partner)
    {
        _home.Write("root.pem", TestPki.MakeCertificatePem(TestPki.Public(TestPki.Root)));
        _home.Write("intermediate.pem", TestPki.MakeCertificatePem(TestPki.Public(TestPki.Intermediate)));
        _home.Write("alice.pem", certificates);
        _home.Write("alice.key", key);
        _home.Write("partners/bob.pem", partner);
        _home.Configure(Members.Join(
            Members.Senders,
            "\"certificates\": { \"own\": [{ \"name\": \"office\", \"pem\": { \"certificate\": \"alice.pem\", \"key\": \"alice.key\" } }], "
            + "\"partners\": [{ \"name\": \"folder\", \"folder\": \"partners\" }], "
            + "\"trust\": { \"roots\": [\"root.pem\"], \"intermediates\": [\"intermediate.pem\"] } }",
            "\"rules\": [{ \"name\": \"all\", \"sign\": { \"with\": \"office\" }, \"encrypt\": { \"to\": \"folder\", \"includeSender\": false } }]",
            Members.Outbox));
    }

    private static byte[] Body(string file)
    {
        var text = File.ReadAllText(file);
        return Convert.FromBase64String(text[(text.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..]);
    }

    private static (byte[] Signed, byte[] Signature) SplitSigned(string entity)
    {
        var start = entity.IndexOf("boundary=", StringComparison.Ordinal) + "boundary=".Length;
        var boundary = "--" + entity[start..entity.IndexOf("\r\n", start, StringComparison.Ordinal)].Trim('"', ';');
        var parts = entity.Split("\r\n" + boundary);
        var signature = parts[2];
        return (Encoding.ASCII.GetBytes(parts[1][2..]), Convert.FromBase64String(signature[(signature.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..]));
    }
}
