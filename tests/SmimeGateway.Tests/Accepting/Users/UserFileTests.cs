using System.Runtime.Versioning;
using Microsoft.Extensions.Logging;
using SmimeGateway.Accepting.Users;
using SmimeGateway.Smtp;
using SmimeGateway.Smtp.Sasl;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests.Accepting.Users;

[UnsupportedOSPlatform("windows")]
public sealed class UserFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_written_is_read_back_and_shows_no_password()
    {
        UserFile.Write(_folder["users.json"], new Dictionary<string, ScramCredentials> { ["alice"] = ScramCredentials.Create("correct horse", 4096) });

        var users = UserFile.Read(_folder["users.json"]);

        users["ALICE"].Accepts("correct horse").ShouldBeTrue();
        users["alice"].Accepts("correct hors").ShouldBeFalse();
        File.ReadAllText(_folder["users.json"]).ShouldMatch("\"alice\": \"SCRAM-SHA-256\\$4096:[A-Za-z0-9+/]{22}==\\$[A-Za-z0-9+/]{43}=:[A-Za-z0-9+/]{43}=\"");
        File.ReadAllText(_folder["users.json"]).ShouldNotContain("horse");
    }

    [Fact]
    public void The_file_is_for_its_owner_alone_whatever_it_was_before()
    {
        File.WriteAllText(_folder["users.json"], "{}");
        File.SetUnixFileMode(_folder["users.json"], UnixFileMode.UserRead | UnixFileMode.OtherRead);

        UserFile.Write(_folder["users.json"], new Dictionary<string, ScramCredentials>());

        File.GetUnixFileMode(_folder["users.json"]).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Directory.GetFiles(_folder.Path).ShouldHaveSingleItem();
    }

    [Fact]
    public void A_file_that_is_not_there_has_no_users() => UserFile.Read(_folder["nowhere/users.json"]).ShouldBeEmpty();

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{ \"alice\": 1 }")]
    [InlineData("{ \"alice\": { \"password\": \"x\" } }")]
    [InlineData("{ \"alice\": \"secret\" }")]
    [InlineData("{ \"alice\": \"SCRAM-SHA-1$4096:c2FsdA==$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\" }")]
    [InlineData("{ \"alice\": \"SCRAM-SHA-256$1:c2FsdA==$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\" }")]
    [InlineData("{ \"alice\": \"SCRAM-SHA-256$99999999:c2FsdA==$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\" }")]
    [InlineData("{ \"alice\": \"SCRAM-SHA-256$4096:$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\" }")]
    [InlineData("{ \"alice\": \"SCRAM-SHA-256$4096:c2FsdA==$AAAA:AAAA\" }")]
    [InlineData("{ \" alice\": \"SCRAM-SHA-256$4096:c2FsdA==$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\" }")]
    public void A_file_that_is_not_ours_is_refused_without_showing_what_is_in_it(string content)
    {
        File.WriteAllText(_folder["users.json"], content);

        Should.Throw<FormatException>(() => UserFile.Read(_folder["users.json"])).Message.ShouldNotContain("secret");
    }

    [Fact]
    public void Two_spellings_of_one_name_are_refused()
    {
        const string Record = "SCRAM-SHA-256$4096:c2FsdA==$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
        File.WriteAllText(_folder["users.json"], $"{{ \"alice\": \"{Record}\", \"Alice\": \"{Record}\" }}");

        Should.Throw<FormatException>(() => UserFile.Read(_folder["users.json"])).Message.ShouldContain("twice");
    }

    [Fact]
    public void A_change_counts_from_the_next_login_on()
    {
        var list = new UserList(_folder["users.json"], TimeProvider.System, new ListLog());
        Should.Throw<UsersUnavailableException>(() => list.Find("alice")).Message.ShouldBe("it does not exist");

        Write("alice", "one");
        list.Find("alice").Credentials.ShouldNotBeNull().Accepts("one").ShouldBeTrue();

        Write("alice", "two");
        list.Find("alice").Credentials.ShouldNotBeNull().Accepts("two").ShouldBeTrue();

        File.Delete(_folder["users.json"]);
        Should.Throw<UsersUnavailableException>(() => list.Find("alice")).Message.ShouldBe("it does not exist");
    }

    [Fact]
    public void A_broken_file_locks_nobody_out_and_is_reported_once()
    {
        var log = new ListLog();
        var list = new UserList(_folder["users.json"], TimeProvider.System, log);
        Write("alice", "one");
        list.Find("alice").Credentials.ShouldNotBeNull();

        File.WriteAllText(_folder["users.json"], "{ half");

        list.Find("alice").Credentials.ShouldNotBeNull();
        list.Find("alice").IsUncertain.ShouldBeTrue();
        list.Find("bob").ShouldBe(new FoundUser(null, IsUncertain: true));
        log.Lines.ShouldHaveSingleItem().ShouldContain("1 who were in it before may log in, all others hear 454");
    }

    [Theory]
    [InlineData("folder")]
    [InlineData("half")]
    [InlineData("pipe")]
    [InlineData("missing")]
    public async Task Of_a_file_that_was_never_read_nobody_is_unknown(string way)
    {
        var log = new ListLog();
        var list = new UserList(_folder["users.json"], TimeProvider.System, log);
        switch (way)
        {
            case "folder":
                Directory.CreateDirectory(_folder["users.json"]);
                break;
            case "half":
                await File.WriteAllTextAsync(_folder["users.json"], "{ half");
                break;
            case "pipe":
                using (var process = System.Diagnostics.Process.Start("mkfifo", [_folder["users.json"]]))
                {
                    await process.WaitForExitAsync();
                }

                break;
        }

        await Should.ThrowAsync<UsersUnavailableException>(() => Eventually.EndsAsync(Task.Run(() => list.Find("alice"))));

        log.Lines.ShouldHaveSingleItem().ShouldContain("0 who were in it before may log in");
    }

    [Fact]
    public void A_name_that_is_not_in_the_file_is_unknown()
    {
        var list = new UserList(_folder["users.json"], TimeProvider.System, new ListLog());
        Write("alice", "one");

        list.Find("bob").ShouldBe(new FoundUser(null));
    }

    private void Write(string name, string password) =>
        UserFile.Write(_folder["users.json"], new Dictionary<string, ScramCredentials> { [name] = ScramCredentials.Create(password, 4096) });

    private sealed class ListLog : ILogger<UserList>
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Add(formatter(state, exception));
    }
}
