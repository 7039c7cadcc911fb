using SmimeGateway.Host.Configuration.Watching;

namespace SmimeGateway.Host.Tests.Configuration.Watching;

public sealed class RestartCheckTests
{
    private const string Listener = """{ "name": "internal", "endpoint": "127.0.0.1:2525" }""";

    [Fact]
    public void Rules_limits_and_routes_need_no_restart() => Compare(
        Sample.With("\"outbox\"", "\"mail\"").Replace("\"127.0.0.1:2525\"", "\"127.0.0.1:2525\", \"limits\": { \"idle\": \"1m\" }", StringComparison.Ordinal))
        .ShouldBeEmpty();

    [Fact]
    public void An_endpoint_that_moves_needs_a_restart() => Compare(Sample.With("127.0.0.1:2525", "127.0.0.1:2526"))
        .ShouldBe(["endpoint of listener \"internal\": 127.0.0.1:2525 -> 127.0.0.1:2526"]);

    [Fact]
    public void Listeners_that_come_and_go_need_a_restart() =>
        Compare(Sample.With(Listener, """{ "name": "other", "endpoint": "127.0.0.1:2526" }"""))
            .ShouldBe(["listener \"other\" (new)", "listener \"internal\" (removed)"]);

    [Fact]
    public void Another_data_folder_moves_the_queue_the_log_and_the_socket() => Compare(Sample.With("\"../var\"", "\"/data\"")).Select(change => change.Split(": ")[0] + change.Split(" -> ")[1]).ShouldBe(["queue.disk/data/queue", "log.file/data/logs/smimegateway-.log", "admin.socket/data/admin.sock"]);

    private static IReadOnlyList<string> Compare(string after) => RestartCheck.Compare(Sample.LoadValid(Sample.Json), Sample.LoadValid(after));
}
