using System.Net;
using SmimeGateway.Accepting;
using SmimeGateway.Host.Configuration;
using SmimeGateway.Host.Configuration.Checking;
using SmimeGateway.Locating;
using SmimeGateway.Relaying;
using SmimeGateway.Settings;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Host.Tests.Configuration.Checking;

public sealed class RightsCheckTests : IDisposable
{
    private const string Configuration = "gateway.json";

    // All that a configuration can name, and whether it is secret.
    private static readonly Dictionary<string, bool> Named = new()
    {
        [Configuration] = false,
        ["var"] = false,
        ["ca/authority.pem"] = true,
        ["office.pfx"] = true,
        ["office.password"] = true,
        ["both.pem"] = true,
        ["pair.crt"] = false,
        ["pair.key"] = true,
        ["keys"] = false,
        ["keys/bob.p12"] = true,
        ["tls.crt"] = false,
        ["tls.key"] = true,
        ["alone.pem"] = true,
        ["users.json"] = true,
        ["client.pfx"] = true,
        ["secret"] = true,
        ["token"] = true,
        ["var/hold/hold.pem"] = true,
        ["partners"] = false,
        ["root.crt"] = false,
    };

    private readonly TemporaryFolder _folder = new();

    public RightsCheckTests()
    {
        foreach (var name in Named.Keys)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_folder[name])!);
            if (name is "var" or "keys" or "partners")
            {
                Directory.CreateDirectory(_folder[name]);
            }
            else
            {
                File.WriteAllText(_folder[name], "");
            }
        }
    }

    public static TheoryData<string, string, string?> Rights
    {
        get
        {
            var rights = new TheoryData<string, string, string?>();
            foreach (var (name, isSecret) in Named)
            {
                rights.Add(name, "700", null);
                rights.Add(name, "750", null);
                rights.Add(name, "704", isSecret ? "read it (mode 704), and it is secret. Shut them out, once the gateway's user owns it or is in its group: chmod o=,g-w " : null);
                rights.Add(name, "702", isSecret ? "change it (mode 702), and it is secret. Shut them out: chmod o=,g-w " : "change it (mode 702). Shut them out: chmod go-w ");
                rights.Add(name, "706", isSecret ? "read and change it (mode 706), and it is secret. Shut them out, once the gateway's user owns it or is in its group: chmod o=,g-w " : "change it (mode 706). Shut them out: chmod go-w ");
            }

            return rights;
        }
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Rights))]
    public void What_others_may_change_or_read_of_secrets_is_told_with_the_command_that_ends_it(string name, string mode, string? words)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        foreach (var other in Named.Keys)
        {
            File.SetUnixFileMode(_folder[other], (UnixFileMode)Convert.ToInt32("700", 8));
        }

        File.SetUnixFileMode(_folder[name], (UnixFileMode)Convert.ToInt32(mode, 8));

        var findings = RightsCheck.Check(_folder[Configuration], Options()).ToList();

        findings.Select(finding => finding.Text).ShouldBe(words is null ? [] : [$"Others may {words}{_folder[name]}"]);
        findings.ShouldAllBe(finding => finding.Severity == CheckSeverity.Warning && finding.Subject.EndsWith(": " + _folder[name], StringComparison.Ordinal));
        findings.SelectMany(finding => SentenceFlaws.In(finding.Sentence)).ShouldBeEmpty();
    }

    [Fact]
    public void A_device_is_not_to_be_shut_for_others()
    {
        var findings = RightsCheck.Check(_folder[Configuration], new GatewayOptions
        {
            DataFolder = _folder["var"],
            Certificates = new() { Own = [new OwnCertificateOptions { Name = "office", Pkcs12 = "/dev/zero", Password = new() { File = "/dev/null" } }] },
        });

        findings.ShouldNotContain(finding => finding.Sentence.Contains("/dev/", StringComparison.Ordinal));
    }

    private SecretOptions Secret(string name) => new() { File = _folder[name] };

    private GatewayOptions Options() => new()
    {
        DataFolder = _folder["var"],
        Listeners =
        [
            new ListenerOptions
            {
                Name = "a", Endpoint = new(IPAddress.Loopback, 25),
                Tls = new() { Mode = ListenerTlsMode.Offered, Certificate = _folder["tls.crt"], Key = _folder["tls.key"] },
                Authentication = new() { Mode = ListenerAuthenticationMode.Offered, Users = _folder["users.json"] },
            },
            new ListenerOptions { Name = "b", Endpoint = new(IPAddress.Loopback, 26), Tls = new() { Mode = ListenerTlsMode.Offered, Certificate = _folder["alone.pem"] } },
        ],
        Certificates = new()
        {
            Own =
            [
                new OwnCertificateOptions { Name = "local", Authority = _folder["ca"] },
                new OwnCertificateOptions { Name = "office", Pkcs12 = _folder["office.pfx"], Password = Secret("office.password") },
                new OwnCertificateOptions { Name = "both", Pem = new() { Certificate = _folder["both.pem"] } },
                new OwnCertificateOptions { Name = "pair", Pem = new() { Certificate = _folder["pair.crt"], Key = _folder["pair.key"] } },
                new OwnCertificateOptions { Name = "keys", Folder = _folder["keys"] },
            ],
            Partners = [new PartnerCertificateOptions { Name = "partners", Folder = _folder["partners"] }],
            Trust = new() { Roots = [_folder["root.crt"]] },
        },
        Routes =
        [
            new RouteOptions
            {
                Recipients = ["*"], Hosts = [new DnsEndPoint("127.0.0.1", 25)], Certificate = new() { Pkcs12 = _folder["client.pfx"] },
                Authentication = new()
                {
                    User = "me", Password = Secret("secret"), Token = new() { Endpoint = "https://login.example.com/token", RefreshToken = Secret("token") },
                },
            },
        ],
    };
}
