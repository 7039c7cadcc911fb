using System.Net;
using SmimeGateway.Host.Configuration;
using SmimeGateway.Host.Configuration.Checking;
using SmimeGateway.Relaying;
using SmimeGateway.Settings;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Host.Tests.Configuration.Checking;

public sealed class RouteFilesCheckTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    [Fact]
    public async Task What_a_route_names_is_looked_at()
    {
        TestPki.WriteP12(_folder.Path + "/client.pfx", "geheim", TestPki.Issue("gateway@example.com"));
        var findings = await CheckAsync(new RouteOptions
        {
            Recipients = ["*"],
            Hosts = [new DnsEndPoint("smtp.example.net", 587)],
            Tls = RouteTls.Required,
            Trust = new RouteTrustOptions { Roots = [_folder.Write("root.pem", TestPki.MakeCertificatePem(TestPki.Root))] },
            Certificate = new RouteCertificateOptions { Pkcs12 = _folder.Path + "/client.pfx", Password = Secret("geheim") },
            Authentication = new RouteAuthenticationOptions { User = "gateway", Password = Secret("geheim") },
        });

        findings.ShouldAllBe(finding => finding.Severity == CheckSeverity.Good);
        findings.Select(finding => finding.Subject).ShouldBe(["routes[0].trust.roots", "routes[0].certificate", "routes[0].authentication.password"]);
        findings.ShouldAllBe(finding => !finding.ToString()!.Contains("geheim"));
    }

    [Fact]
    public async Task What_cannot_be_used_is_an_error_that_names_the_file()
    {
        TestPki.WriteP12(_folder.Path + "/client.pfx", "geheim", TestPki.Issue("gateway@example.com"));
        var findings = await CheckAsync(new RouteOptions
        {
            Recipients = ["*"],
            Hosts = [new DnsEndPoint("smtp.example.net", 587)],
            Tls = RouteTls.Required,
            Trust = new RouteTrustOptions { Roots = [_folder.Path + "/missing.pem"] },
            Certificate = new RouteCertificateOptions { Pkcs12 = _folder.Path + "/client.pfx", Password = Secret("falsch") },
            Authentication = new RouteAuthenticationOptions
            {
                User = "gateway",
                Token = new RouteTokenOptions
                {
                    Endpoint = "https://login.example.com/token",
                    ClientId = "id",
                    ClientSecret = new SecretOptions { File = _folder.Path + "/missing" },
                    RefreshToken = Secret(string.Empty),
                    ServiceAccount = Secret("{}"),
                },
            },
        });

        findings.ShouldAllBe(finding => finding.Severity == CheckSeverity.Error);
        findings.Select(finding => finding.Subject).ShouldBe([
            "routes[0].trust.roots", "routes[0].certificate", "routes[0].authentication.token.clientSecret",
            "routes[0].authentication.token.refreshToken", "routes[0].authentication.token.serviceAccount"]);
        findings[0].Text.ShouldContain("missing.pem");
        findings[1].Text.ShouldContain("client.pfx");
        findings[2].Text.ShouldContain("/missing does not exist");
        findings.SelectMany(finding => SentenceFlaws.In($"{finding.Subject}: {finding.Text}")).ShouldBeEmpty();
    }

    public void Dispose() => _folder.Dispose();

    private static async Task<IReadOnlyList<CheckFinding>> CheckAsync(RouteOptions route)
    {
        await using var opened = OpenedConfiguration.Open(new GatewayOptions { Routes = [route] }, TimeProvider.System);
        return [.. RouteFilesCheck.Check(opened.Configuration, TestPki.Now)];
    }

    private SecretOptions Secret(string content) => new() { File = _folder.Write($"secret-{Guid.NewGuid():N}", content) };
}
