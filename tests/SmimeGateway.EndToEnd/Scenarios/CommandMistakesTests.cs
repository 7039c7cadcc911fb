using SmimeGateway.TestSupport;

namespace SmimeGateway.EndToEnd.Scenarios;

/// <summary>What is wrong with a command itself, or with the account that gives it: one sentence, its remedy, and the exit code of the table.</summary>
public sealed class CommandMistakesTests : IDisposable
{
    private const string Authority = "\"certificates\": { \"own\": [{ \"name\": \"local\", \"authority\": \"ca\", \"issueFor\": [\"*@example.com\"] }], \"partners\": [{ \"name\": \"folder\", \"folder\": \"partners\" }] }";

    // Root may do everything, so that commands run without that.
    private static readonly string[] WithoutRights = Environment.IsPrivilegedProcess
        ? ["setpriv", "--bounding-set", "-dac_override,-dac_read_search,-net_bind_service", "--inh-caps", "-dac_override,-dac_read_search,-net_bind_service", "--"]
        : [];

    private readonly GatewayHome _home = new();

    public CommandMistakesTests() => Configure(Users("offered"));

    public void Dispose() => _home.Dispose();

    [Theory]
    [InlineData("verify", "nope.eml")]
    [InlineData("decrypt", "nope.eml")]
    [InlineData("test", "--from", "a@example.com", "--to", "b@example.net", "--message", "nope.eml")]
    [InlineData("cert", "import", "nope.pem")]
    [InlineData("cert", "install", "nope.pem", "--out", "key.pem")]
    [InlineData("user", "add", "bob", "--password-file", "nope")]
    public async Task A_file_that_is_named_and_not_there_is_exit_code_2_of_every_command(params string[] command)
    {
        var run = await GatewayProcess.CommandAsync(_home, command);

        run.ExitCode.ShouldBe(2, run.Text);
        run.Errors.ShouldMatch("nope.*(it )?does not exist");
        SentenceFlaws.In(run.Errors).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("cert", "import", "/dev/zero", "it is a pipe, a socket or a device, and no file")]
    [InlineData("cert", "import", "/tmp", "it is a folder, and no file")]
    [InlineData("cert", "install", "/dev/zero", "it is a pipe, a socket or a device, and no file", "--out", "key.pem")]
    public async Task What_is_no_file_is_not_read_as_one(string command, string deed, string place, string words, params string[] further)
    {
        var run = await GatewayProcess.CommandAsync(_home, [command, deed, place, .. further]);

        run.ExitCode.ShouldBe(2, run.Text);
        run.Errors.ShouldContain(words);
        SentenceFlaws.In(run.Errors).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("dkim", "keygen", "none/such/s1.pem")]
    [InlineData("cert", "request", "--subject", "CN=a", "--out", "none/such/a.csr")]
    public async Task A_folder_that_is_not_there_is_told_with_how_to_make_it(params string[] command)
    {
        var run = await GatewayProcess.CommandAsync(_home, command);

        run.ExitCode.ShouldBe(1, run.Text);
        run.Errors.ShouldContain("its folder is not there; make it: mkdir -p none/such");
        SentenceFlaws.In(run.Errors).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("Must be one of: 'own' 'partner'", "cert", "list", "--kind", "foo")]
    [InlineData("--lines takes a number, and 'many' is none.", "log", "tail", "--lines", "many")]
    [InlineData("--limit takes a number, and '99999999999999' is none.", "queue", "list", "--limit", "99999999999999")]
    [InlineData("If smimegateway.json is the configuration, write --config smimegateway.json.", "check", "smimegateway.json")]
    [InlineData("--all-rules makes up its messages: leave --listener out, or ask one rule with --rule.", "test", "--all-rules", "--listener", "nope")]
    public async Task A_wrong_argument_is_told_in_words_and_not_by_the_names_of_types(string words, params string[] command)
    {
        var run = await GatewayProcess.CommandAsync(_home, command);

        run.ExitCode.ShouldBe(2, run.Text);
        run.Errors.ShouldContain(words, Case.Sensitive);
        run.Text.ShouldNotContain("expected type");
    }

    [Fact]
    public async Task A_request_that_cannot_be_made_leaves_no_file_in_the_way_of_the_next()
    {
        Directory.CreateDirectory(_home.DataFolder);
        File.WriteAllText(_home.DataFolder + "/pending", "in the way");

        var run = await GatewayProcess.CommandAsync(_home, "cert", "request", "--subject", "CN=a", "--out", "a.csr");

        run.ExitCode.ShouldBe(1, run.Text);
        run.Errors.ShouldContain(_home.DataFolder + "/pending");
        File.Exists(_home.Folder + "/a.csr").ShouldBeFalse();
    }

    [Fact]
    public async Task An_authority_whose_folder_is_closed_to_the_account_is_there_all_the_same()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return;
        }

        Directory.CreateDirectory(_home.DataFolder + "/ca");
        Close(_home.DataFolder + "/ca", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        (await Tool.RunAsync("/usr/bin/chown", ["65534", _home.DataFolder + "/ca"])).ExitCode.ShouldBe(0);

        var run = await RunAsync("cert", "issue", "alice@example.com");

        run.ExitCode.ShouldBe(1, run.Text);
        run.Errors.ShouldContain($"local: {_home.DataFolder}/ca: it cannot be opened: access is denied. Check the folder and its rights.");
        run.Errors.ShouldNotContain("no built-in authority");
    }

    [Fact]
    public async Task A_pipe_in_the_place_of_the_configuration_and_one_that_may_not_be_read_have_remedies_of_their_own()
    {
        Close(_home.ConfigurationFile, UnixFileMode.None);
        (await RunAsync("check")).Output.ShouldContain($"the file cannot be read: access is denied. Let the user {Environment.UserName} read it.");

        File.Delete(_home.ConfigurationFile);
        (await Tool.RunAsync("/usr/bin/mkfifo", [_home.ConfigurationFile])).ExitCode.ShouldBe(0);
        (await RunAsync("check")).Output.ShouldContain("the file cannot be read: it is a pipe, a socket or a device, and no file. Name a file.");
    }

    [Fact]
    public async Task Users_that_may_not_be_read_are_told_with_the_right_that_is_missing()
    {
        Configure(Users("required"));
        Close(_home.Write("users.json", "{}"), UnixFileMode.None);

        (await RunAsync("check")).Output.ShouldContain($"The users cannot be read: access is denied. Let the user {Environment.UserName} read it.");

        Close(_home.Folder + "/users.json", UnixFileMode.UserRead);
        var nobody = await RunAsync("check");
        nobody.ExitCode.ShouldBe(1, "every client must log in, and nobody can");
        nobody.Output.ShouldContain("Nobody can log in: there are no users.");
    }

    [Fact]
    public async Task A_port_that_the_account_may_not_open_keeps_the_gateway_from_starting_and_check_says_so()
    {
        _home.Write("smimegateway.json", File.ReadAllText(_home.ConfigurationFile).Replace($":{_home.Port}", ":25", StringComparison.Ordinal));

        var run = await RunAsync("check");

        run.ExitCode.ShouldBe(2, run.Text);
        run.Output.ShouldContain("this account may not open ports below 1024");
        run.Output.ShouldContain("Where the service has that right, check with the same.");
    }

    [Fact]
    public async Task A_queue_on_which_another_gateway_works_is_found_by_check()
    {
        await using var gateway = await GatewayProcess.StartAsync(_home);
        (await GatewayProcess.CommandAsync(_home, "check")).Output.ShouldNotContain("works on this queue");
        var other = _home.Write(
            "other.json",
            File.ReadAllText(_home.ConfigurationFile)
                .Replace($":{_home.Port}", $":{Loopback.FreePort()}", StringComparison.Ordinal)
                .Replace("\"log\":", "\"admin\": { \"socket\": \"other.sock\" }, \"log\":", StringComparison.Ordinal));

        var check = await Tool.RunAsync(Repository.GatewayExecutable, ["check", "--config", other], folder: _home.Folder);

        check.ExitCode.ShouldBe(2, check.Text);
        check.Output.ShouldContain($"Process {gateway.Id} works on this queue, and two gateways cannot share one. Stop that one, or name another folder.");
    }

    [Fact]
    public async Task Mail_without_a_route_is_explained_as_that()
    {
        _home.Configure(Members.Join(Members.Senders, "\"routes\": [{ \"recipients\": [\"*@example.net\"], \"folder\": \"outbox\" }]"));

        var run = await GatewayProcess.CommandAsync(_home, "explain", "--from", "a@example.com", "--to", "b@example.net", "c@example.org");

        run.Output.Split("no route covers the recipient").Length.ShouldBe(2);
        run.Output.ShouldContain("But no route covers the recipient, who is refused with 550 5.1.2 before any rule is asked. Add a route.");
    }

    [Fact]
    public async Task A_trial_that_is_refused_gives_its_reason_once_beside_the_reply()
    {
        _home.Configure(Members.Join(
            Members.Senders, Members.Office(_home, TestPki.Issue("alice@example.com")),
            "\"rules\": [{ \"name\": \"sign\", \"sign\": { \"with\": [\"office\"], \"whenMissing\": \"reject\" } }]", Members.Outbox));

        var run = await GatewayProcess.CommandAsync(_home, "test", "--from", "nobody@example.com", "--to", "b@example.net");

        run.ExitCode.ShouldBe(1, run.Text);
        run.Output.Split("no certificate names nobody@example.com").Length.ShouldBe(2, run.Output);
        run.Output.ShouldContain("result: not accepted, see above");
    }

    private static void Close(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, mode);
        }
    }

    private static string Users(string mode) =>
        $", \"authentication\": {{ \"mode\": \"{mode}\", \"users\": \"users.json\" }}, \"tls\": {{ \"mode\": \"offered\", \"certificate\": \"tls.pem\" }}";

    private void Configure(string listener)
    {
        TestPki.WritePem(_home.Folder + "/tls.pem", TestServers.Server("gateway.example.com"));
        Directory.CreateDirectory(_home.Folder + "/partners");
        _home.Configure(Members.Join(Members.Senders, Authority, Members.Outbox), listener: listener);
    }

    private async Task<ToolRun> RunAsync(params string[] arguments)
    {
        string[] command = [.. WithoutRights, Repository.GatewayExecutable, .. arguments, "--config", _home.ConfigurationFile];
        return await Tool.RunAsync(command[0], command[1..], folder: _home.Folder);
    }
}
