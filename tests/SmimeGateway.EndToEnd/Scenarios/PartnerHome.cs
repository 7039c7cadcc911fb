using System.Security.Cryptography.X509Certificates;
using SmimeGateway.TestSupport;

namespace SmimeGateway.EndToEnd.Scenarios;

/// <summary>A gateway that signs for alice@example.com and encrypts to the partners in a folder.</summary>
internal sealed class PartnerHome : IDisposable
{
    private readonly GatewayHome _home = new();

    public PartnerHome(string? rules = null)
    {
        Directory.CreateDirectory(PartnerFolder);
        _home.Write("root.pem", TestPki.MakeCertificatePem(TestPki.Public(TestPki.Root)));
        _home.Write("intermediate.pem", TestPki.MakeCertificatePem(TestPki.Public(TestPki.Intermediate)));
        var office = Members.Office(_home, TestPki.Issue("alice@example.com", keyOwner: "alice"));
        _home.Configure(Members.Join(
            Members.Senders,
            office.Replace(
                "] }",
                "], \"partners\": [{ \"name\": \"folder\", \"folder\": \"partners\" }], "
                + "\"trust\": { \"roots\": [\"root.pem\"], \"intermediates\": [\"intermediate.pem\"] } }",
                StringComparison.Ordinal),
            $"\"rules\": [{rules ?? Encrypt()}]",
            Members.Outbox));
    }

    public GatewayHome Gateway => _home;

    public string Folder => _home.Folder;

    public string PartnerFolder => _home.Folder + "/partners";

    /// <summary>The rule that signs and encrypts everything.</summary>
    public static string Encrypt(string further = "", string rule = "") =>
        $"{{ \"name\": \"encrypt\", \"sign\": {{ \"with\": \"office\" }}, \"encrypt\": {{ \"to\": \"folder\"{further} }}{rule} }}";

    /// <summary>Puts a partner's certificate into the folder; returns the file with certificate and key that OpenSSL reads.</summary>
    public string Partner(string address, X509Certificate2? certificate = null)
    {
        certificate ??= TestPki.Issue(address, keyOwner: address);
        File.WriteAllText($"{PartnerFolder}/{address}.pem", TestPki.MakeCertificatePem(TestPki.Public(certificate)));
        var key = $"{Folder}/{address}.key.pem";
        TestPki.WritePem(key, certificate);
        return key;
    }

    public Task<ToolRun> RunAsync(params string[] command) => GatewayProcess.CommandAsync(_home, command);

    public void Dispose() => _home.Dispose();
}
