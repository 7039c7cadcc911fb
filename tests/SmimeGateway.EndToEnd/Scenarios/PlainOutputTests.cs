using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using SmimeGateway.Host.Commands;
using SmimeGateway.TestSupport;

namespace SmimeGateway.EndToEnd.Scenarios;

/// <summary>Whatever stands in arguments, files, certificates and mail: on the terminal of an administrator it is text.</summary>
public sealed class PlainOutputTests : IDisposable
{
    private const string Evil = "evil\u001b[2J\u009b31m\u202Eslive\u2066\u200B\u00AD\u2028\u0007\u0085\rover\u061C\U000E0041";

    private readonly GatewayHome _home = new();

    public void Dispose() => _home.Dispose();

    public static TheoryData<string> Commands => [.. Leaves(CommandLine.Create(), []).Select(path => string.Join(' ', path))];

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Every_command_writes_its_arguments_as_plain_text(string command)
    {
        Configure();

        var leaf = command.Split(' ', StringSplitOptions.RemoveEmptyEntries).Aggregate(CommandLine.Create(), (at, name) => at.Subcommands.Single(one => one.Name == name));
        string[] path = [.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
        string[] arguments = [.. leaf.Arguments.Select(_ => Evil)];
        string[] options = [.. leaf.Options.Where(option => option.Name is not ("--help" or "--version")).SelectMany(option => Given(option))];
        foreach (var line in new[] { [.. path, .. arguments, "--json", .. path is ["run"] ? [Evil] : (string[])[]], (string[])[.. path, .. arguments, .. options, Evil] })
        {
            ShouldBePlain(await GatewayProcess.CommandAsync(_home, line), line);
        }
    }

    [Fact]
    public async Task What_stands_in_files_is_written_as_plain_text()
    {
        Configure();
        _home.Write("mail.eml", $"From: {Evil} <alice@example.com>\r\nTo: bob@example.net\r\nSubject: {Evil}\r\nContent-Type: text/{Evil}; name=\"{Evil}\"\r\n\r\n{Evil}\r\n");

        foreach (var line in new string[][]
        {
            ["check"], ["cert", "list"], ["cert", "show", "bob@example.net"], ["directory", "list"], ["directory", "lookup", "bob@example.net"],
            ["verify", "mail.eml"], ["test", "--message", "mail.eml", "--from", "alice@example.com", "--to", "bob@example.net"],
        })
        {
            var run = await GatewayProcess.CommandAsync(_home, line);
            ShouldBePlain(run, line);
            (line[0] == "test" || run.Text.Contains("evil", StringComparison.Ordinal)).ShouldBeTrue(string.Join(' ', line));

            var json = await GatewayProcess.CommandAsync(_home, [.. line, "--json"]);
            ShouldBePlain(json, line);
            JsonDocument.Parse(json.Output).Dispose();
        }
    }

    [Fact]
    public async Task What_a_running_gateway_tells_of_mail_is_written_as_plain_text()
    {
        Configure();
        await using var gateway = await GatewayProcess.StartAsync(_home);
        var mail = Encoding.UTF8.GetBytes($"From: alice@example.com\r\nSubject: {Evil.Replace("\r", "", StringComparison.Ordinal)}\r\n\r\nx\r\n");
        var reply = await gateway.SendAsync("alice@example.com", "\"evil\u00AE\"@example.org", mail);
        reply.Code.ShouldBeOneOf(250, 553);
        reply = await gateway.SendAsync("alice@example.com", "bob@example.org", mail);
        reply.Code.ShouldBe(250, reply.Text);
        var id = reply.Text.Split(' ')[^1];

        foreach (var line in new string[][] { ["queue", "list"], ["queue", "show", id], ["status"], ["health"], ["log", "tail"], ["queue", "retry", Evil, id], ["queue", "remove", id] })
        {
            ShouldBePlain(await GatewayProcess.CommandAsync(_home, line), line);
            ShouldBePlain(await GatewayProcess.CommandAsync(_home, [.. line, "--json"]), line);
        }
    }

    [Fact]
    public async Task What_is_wrong_with_a_configuration_is_written_as_plain_text()
    {
        _home.Configure($"\"rules\": {JsonSerializer.Serialize(Evil)}, {JsonSerializer.Serialize(Evil)}: 1");

        foreach (var line in new string[][] { ["check"], ["check", "--json"], ["run"] })
        {
            var run = await GatewayProcess.CommandAsync(_home, line);
            ShouldBePlain(run, line);
            run.Text.ShouldContain("evil");
        }
    }

    [Theory]
    [InlineData("@example.com")]
    [InlineData("@/etc/hostname")]
    public async Task An_argument_that_begins_with_an_at_names_no_file_of_arguments(string to)
    {
        Configure();

        var run = await GatewayProcess.CommandAsync(_home, "explain", "--from", "alice@example.com", "--to", to);

        run.ExitCode.ShouldBe(2, run.Text);
        run.Text.ShouldContain($"\"{to}\" is not ");
        run.Text.ShouldNotContain("Response file");
    }

    private static void ShouldBePlain(ToolRun run, IEnumerable<string> line)
    {
        var unfit = run.Text.EnumerateRunes().Where(rune => rune.Value != '\n' && Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
        unfit.Select(rune => $"U+{rune.Value:X4}").Distinct().ShouldBeEmpty(string.Join(' ', line.Where(part => !part.Contains("evil", StringComparison.Ordinal))));
    }

    private static IEnumerable<string> Given(Option option) => option.Arity.MaximumNumberOfValues == 0 ? [option.Name] : [option.Name, Evil];

    private static IEnumerable<string[]> Leaves(Command command, string[] path) =>
        command.Subcommands.Count == 0 ? [path] : command.Subcommands.SelectMany(one => Leaves(one, [.. path, one.Name]));

    // Names of rules and sources, subjects of certificates, names of files.
    private void Configure()
    {
        var subject = new X500DistinguishedNameBuilder();
        subject.AddCommonName(Evil);
        subject.AddOrganizationName("evil\noffice");
        var bob = TestPki.IssueWith(subject.Build(), KeyKind.Rsa2048, TestPki.MakeAlternativeName("bob@example.net"));
        Directory.CreateDirectory(_home.Folder + "/partners");
        File.WriteAllText($"{_home.Folder}/partners/{Evil}.pem", TestPki.MakeCertificatePem(TestPki.Public(bob)));
        File.WriteAllText($"{_home.Folder}/partners/{Evil}.crt", "no certificate");
        _home.Configure(Members.Join(
            Members.Senders,
            Members.Office(_home, TestPki.Issue("alice@example.com"))[..^1] + ", \"partners\": [{ \"name\": \"partners\", \"folder\": \"partners\", \"accept\": \"all\" }] }",
            "\"rules\": [{ \"name\": \"encrypt\", \"when\": { \"recipient\": \"*@example.net\" }, \"encrypt\": { \"to\": [\"partners\"] } }]",
            "\"routes\": [{ \"recipients\": [\"*\"], \"hosts\": [\"127.0.0.1:1\"] }], \"queue\": { \"retry\": [\"1h\"] }"));
    }
}
