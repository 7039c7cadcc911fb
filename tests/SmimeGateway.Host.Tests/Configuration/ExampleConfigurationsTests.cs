using SmimeGateway.Host.Configuration;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Host.Tests.Configuration;

public sealed class ExampleConfigurationsTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "config");

    public static TheoryData<string> Names =>
    [
        "smimegateway.json",
        .. Directory.EnumerateFiles(Path.Combine(Folder, "examples"), "*.json").Select(file => Path.GetRelativePath(Folder, file)).Order(),
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_configuration_that_is_shipped_loads_without_errors_and_warnings(string name)
    {
        var result = ConfigurationLoader.Load(Path.Combine(Folder, name));

        result.Errors.ShouldBeEmpty();
        result.Warnings.ShouldBeEmpty();
        result.Options.ShouldNotBeNull();
    }

    [Fact]
    public void The_shipped_configuration_signs_with_an_authority_of_its_own_and_writes_under_var()
    {
        var options = ConfigurationLoader.Load(Path.Combine(Folder, "smimegateway.json")).Options!;

        var data = Path.Combine(Repository.Root, "var");
        options.DataFolder.ShouldBe(data);
        options.Listeners.ShouldHaveSingleItem().Endpoint.ToString().ShouldBe("127.0.0.1:2525");
        options.Certificates.Own.ShouldHaveSingleItem().Authority.ShouldBe(Path.Combine(data, "ca"));
        options.Routes.ShouldHaveSingleItem().Folder.ShouldBe(Path.Combine(data, "outbox"));
        options.Queue.Disk.ShouldBe(Path.Combine(data, "queue"));
        options.Log.File.ShouldBe(Path.Combine(data, "logs", "smimegateway-.log"));
        options.Admin.Socket.ShouldBe(Path.Combine(data, "admin.sock"));
        options.Rules[^1].Sign!.With.ShouldBe(["local"]);
    }
}
