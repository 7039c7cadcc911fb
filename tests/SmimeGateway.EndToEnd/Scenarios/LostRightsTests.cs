using System.Runtime.Versioning;
using System.Text;
using SmimeGateway.TestSupport;

namespace SmimeGateway.EndToEnd.Scenarios;

/// <summary>
/// Files that were read already, and may not be read any more: what was in them stays in use, and nobody else is taken for one who has no
/// certificate. Root may read everything, so the gateway runs without that.
/// </summary>
public sealed class LostRightsTests : IDisposable
{
    private static readonly string[] WithoutRights = Environment.IsPrivilegedProcess
        ? ["setpriv", "--bounding-set", "-dac_override,-dac_read_search", "--inh-caps", "-dac_override,-dac_read_search", "--"]
        : [];

    private readonly GatewayHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    [SupportedOSPlatform("linux")]
    public async Task Lost_rights_are_noticed_and_make_only_those_wait_who_are_in_no_file_that_was_read()
    {
        _home.Configure(Members.Join(
            Members.Senders,
            Members.OfficeAndPartners(_home, TestPki.Issue("alice@example.com"), TestPki.Issue("bob@example.net")),
            """
            "rules": [
              { "name": "sign", "when": { "recipient": "*@example.org" }, "sign": { "with": ["office"], "whenMissing": "pass" } },
              { "name": "encrypt", "encrypt": { "to": ["partners"], "whenMissing": "pass" } }]
            """,
            Members.Outbox));
        var partner = Directory.GetFiles(_home.Folder + "/partners").Single();
        await using var gateway = await GatewayProcess.StartAsync(_home, WithoutRights);

        foreach (var (file, from, to, other) in new[]
        {
            (_home.Folder + "/office.pfx", "alice@example.com", "x@example.org", "carol@example.com"),
            (_home.Folder + "/office.password", "alice@example.com", "x@example.org", "carol@example.com"),
            (partner, "alice@example.com", "bob@example.net", "eve@example.net"),
        })
        {
            var isSigning = to == "x@example.org";
            (await SendAsync(gateway, from, to)).ShouldStartWith("250 ");
            File.SetUnixFileMode(file, UnixFileMode.None);

            await Eventually.TrueAsync(async () => (await HealthAsync()).Contains($"{file}: the gateway's user may not read the file", StringComparison.Ordinal));
            (await SendAsync(gateway, from, to)).ShouldStartWith("250 ");
            (await SendAsync(gateway, isSigning ? other : from, isSigning ? to : other)).ShouldStartWith("451 4.4.3 ");

            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            await Eventually.TrueAsync(async () => (await HealthAsync()).Contains("Nothing is wrong.", StringComparison.Ordinal));
            (await SendAsync(gateway, isSigning ? other : from, isSigning ? to : other)).ShouldStartWith("250 ");
        }

        await Eventually.TrueAsync(() => _home.OutboxMessages().Count == 9);
        var left = _home.OutboxMessages().Select(Encoding.UTF8.GetString).ToList();
        left.Count(mail => mail.Contains("multipart/signed", StringComparison.Ordinal)).ShouldBe(4);
        left.Count(mail => mail.Contains("enveloped-data", StringComparison.Ordinal)).ShouldBe(2);
    }

    [Fact]
    [SupportedOSPlatform("linux")]
    public async Task A_folder_or_one_above_it_that_may_not_be_entered_any_more_is_noticed_and_stops_neither_start_nor_check()
    {
        var members = Members.OfficeAndPartners(_home, TestPki.Issue("alice@example.com"), TestPki.Issue("bob@example.net"));
        Directory.CreateDirectory(_home.Folder + "/above");
        Directory.Move(_home.Folder + "/partners", _home.Folder + "/above/partners");
        Directory.Move(_home.Folder + "/trust", _home.Folder + "/above/trust");
        _home.Configure(Members.Join(
            Members.Senders,
            members.Replace("\"folder\": \"partners\"", "\"folder\": \"above/partners\"", StringComparison.Ordinal)
                .Replace("\"trust/root.pem\", \"trust/intermediate.pem\"", "\"above/trust\"", StringComparison.Ordinal)
                .Replace("\"trust/root.pem\"", "\"above/trust\"", StringComparison.Ordinal)
                .Replace("\"trust/intermediate.pem\"", "\"above/trust\"", StringComparison.Ordinal),
            "\"rules\": [{ \"name\": \"encrypt\", \"encrypt\": { \"to\": [\"partners\"], \"whenMissing\": \"pass\" } }]",
            Members.Outbox));
        await using (var gateway = await GatewayProcess.StartAsync(_home, WithoutRights))
        {
            foreach (var folder in new[] { _home.Folder + "/above/partners", _home.Folder + "/above" })
            {
                (await SendAsync(gateway, "alice@example.com", "bob@example.net")).ShouldStartWith("250 ");
                File.SetUnixFileMode(folder, UnixFileMode.None);

                await Eventually.TrueAsync(async () => (await HealthAsync()).Contains("/above/partners: the folder cannot be listed", StringComparison.Ordinal));
                (await SendAsync(gateway, "alice@example.com", "bob@example.net")).ShouldStartWith("250 ");
                (await SendAsync(gateway, "alice@example.com", "eve@example.net")).ShouldStartWith("451 4.4.3 ");

                File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
                await Eventually.TrueAsync(async () => (await HealthAsync()).Contains("Nothing is wrong.", StringComparison.Ordinal));
                (await SendAsync(gateway, "alice@example.com", "eve@example.net")).ShouldStartWith("250 ");
            }

            File.SetUnixFileMode(_home.Folder + "/above", UnixFileMode.None);
        }

        string[] command = [.. WithoutRights, Repository.GatewayExecutable, "check", "--config", _home.ConfigurationFile];
        var check = await Tool.RunAsync(command[0], command[1..], folder: _home.Folder);
        check.Text.ShouldContain("cannot be listed");
        check.Text.ShouldNotContain("Unhandled");
        await using var again = await GatewayProcess.StartAsync(_home, WithoutRights);
        (await SendAsync(again, "alice@example.com", "bob@example.net")).ShouldStartWith("451 4.4.3 ");
        File.SetUnixFileMode(_home.Folder + "/above", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await Eventually.TrueAsync(async () => (await SendAsync(again, "alice@example.com", "bob@example.net")).StartsWith("250 ", StringComparison.Ordinal));
    }

    private async Task<string> HealthAsync() => (await GatewayProcess.CommandAsync(_home, "health")).Output;

    private static async Task<string> SendAsync(GatewayProcess gateway, string from, string to)
    {
        var reply = await gateway.SendAsync(from, to, Encoding.ASCII.GetBytes($"From: {from}\r\nTo: {to}\r\nSubject: hello\r\nMIME-Version: 1.0\r\n\r\nHello\r\n"));
        return $"{reply.Code} {reply.Text}".Replace($"{reply.Code} {reply.Code} ", $"{reply.Code} ", StringComparison.Ordinal);
    }
}
