using Microsoft.Extensions.Logging.Abstractions;
using SmimeGateway.Accepting.Crowding;
using SmimeGateway.Certificates.Dkim;
using SmimeGateway.Locating.Dkim;
using SmimeGateway.Relaying;
using SmimeGateway.Settings;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests.Dkim;

/// <summary>What a reload does to the domains that sign.</summary>
public sealed class DkimReloadTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_entry_that_comes_signs_one_that_goes_does_not_and_a_message_under_way_keeps_its_own()
    {
        File.WriteAllText(_folder["a.pem"], DkimKeyText.Generate(null));
        File.WriteAllText(_folder["b.pem"], DkimKeyText.Generate(1024));
        await using var configurations = new RunningConfigurations(
            With("a"), new GatewayCounters(TimeProvider.System), new MemoryBudget(1_000_000, TimeProvider.System), TimeProvider.System, NullLoggerFactory.Instance);
        var former = configurations.Current;
        var key = former.SigningDomains.All.Single().Key.Key;
        File.WriteAllText(_folder["a.pem"], "half");

        configurations.Replace(With("b", "a"));

        configurations.Current.SigningDomains.All.Select(domain => (domain.Options.Selector, domain.Key.Key?.Kind)).ShouldBe([("b", "rsa"), ("a", "ed25519")]);
        configurations.Current.SigningDomains.All[1].Key.Key.ShouldBe(key, "it was read before its file was broken");
        former.SigningDomains.All.Single().Key.Key.ShouldBe(key);

        configurations.Replace(With());
        configurations.Current.SigningDomains.IsEmpty.ShouldBeTrue();
    }

    private GatewayOptions With(params string[] selectors) => new()
    {
        HostName = "gateway.example.com",
        Routes = [new RouteOptions { Recipients = ["*"], Folder = _folder.Path }],
        Dkim = [.. selectors.Select(selector => new DkimOptions { Domain = "example.com", Selector = selector, Key = new SecretOptions { File = _folder[selector + ".pem"] } })],
    };
}
