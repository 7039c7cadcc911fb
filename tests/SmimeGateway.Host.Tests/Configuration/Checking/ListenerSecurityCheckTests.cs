using SmimeGateway.Accepting;
using SmimeGateway.Host.Configuration;
using SmimeGateway.Host.Configuration.Checking;
using SmimeGateway.Settings;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Host.Tests.Configuration.Checking;

public sealed class ListenerSecurityCheckTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("gateway.pfx", null, null, "it needs a password. Name it: \"password\": { \"file\": \"FILE\" }.")]
    [InlineData("gateway.pfx", null, "wrong", "the password is wrong. Check the password that is configured for the file.")]
    [InlineData("gateway.pfx", null, "none", "does not exist. Put the password there, where the gateway's user may read it.")]
    [InlineData("none.pfx", null, null, "the file does not exist. Put it there, or correct the path.")]
    [InlineData("none.pem", null, null, "the file does not exist. Put it there, or correct the path.")]
    [InlineData("folder", null, null, "a folder stands where the file should be. Name the file itself.")]
    [InlineData("pem.pfx", null, null, "it is a PEM file, and no PKCS #12 file. Let its name end in .pem.")]
    [InlineData("pfx.pem", null, null, "it is no PEM file, but a binary one. Let the name of a PKCS #12 file end in .pfx or .p12;")]
    [InlineData("gateway.crt", null, null, "there is no private key for the certificate. Name the file of the key with \"key\".")]
    [InlineData("gateway.crt", "other.key", null, "it holds a private key whose certificate is not in gateway.crt. Add the certificate that was issued for this key, or the key of the certificate.")]
    [InlineData("gateway.crt", "none.key", null, "the file does not exist. Put it there, or correct the path.")]
    [InlineData("gateway.crt", "folder", null, "a folder stands where the file should be. Name the file of the key.")]
    public async Task A_certificate_that_cannot_be_presented_is_told_once_with_the_remedy_for_its_fault(string certificate, string? key, string? password, string words)
    {
        var server = TestServers.Server("gateway.example.com");
        Directory.CreateDirectory(_folder["folder"]);
        TestPki.WriteP12(_folder["gateway.pfx"], "secret", server);
        File.Copy(_folder["gateway.pfx"], _folder["pfx.pem"]);
        TestPki.WritePem(_folder["pem.pfx"], server);
        File.WriteAllText(_folder["gateway.crt"], TestPki.MakeCertificatePem(TestPki.Public(server)));
        File.WriteAllText(_folder["other.key"], TestPki.MakeKeyPem(TestPki.IssueFor(["bob@example.com"], keyOwner: "bob")));
        File.WriteAllText(_folder["wrong"], "wrong");

        var finding = (await CheckAsync(new ListenerTlsOptions
        {
            Mode = ListenerTlsMode.Offered,
            Certificate = _folder[certificate],
            Key = key is null ? null : _folder[key],
            Password = password is null ? null : new SecretOptions { File = _folder[password] },
        })).ShouldHaveSingleItem();

        finding.Severity.ShouldBe(CheckSeverity.Error);
        finding.PreventsStart.ShouldBeFalse();
        finding.Text.ShouldContain(words);
        finding.Text.ShouldEndWith(" Until then handshakes fail.");
        SentenceFlaws.In($"{finding.Subject}: {finding.Text}").ShouldBeEmpty();
    }

    [Fact]
    public async Task A_certificate_that_can_be_presented_is_good()
    {
        TestPki.WriteP12(_folder["gateway.pfx"], string.Empty, TestServers.Server("gateway.example.com"));

        (await CheckAsync(new ListenerTlsOptions { Mode = ListenerTlsMode.Offered, Certificate = _folder["gateway.pfx"] }))
            .ShouldHaveSingleItem().Severity.ShouldBe(CheckSeverity.Good);
    }

    private static async Task<IReadOnlyList<CheckFinding>> CheckAsync(ListenerTlsOptions tls)
    {
        await using var opened = OpenedConfiguration.Open(
            new GatewayOptions { HostName = "gateway.example.com", Listeners = [new ListenerOptions { Name = "internal", Endpoint = new(System.Net.IPAddress.Loopback, 25), Tls = tls }] },
            new ManualTimeProvider(TestPki.Now));
        return [.. ListenerSecurityCheck.CheckCertificates(opened.Configuration, TestPki.Now)];
    }
}
