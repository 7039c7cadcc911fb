using System.Globalization;
using System.Net;
using System.Text;
using SmimeGateway.Deciding.Options;
using SmimeGateway.Host.Configuration;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Host.Tests.Configuration;

public sealed class ConfigurationLoaderTests
{
    [Fact]
    public void A_small_configuration_gets_the_documented_defaults()
    {
        var options = Sample.LoadValid(Sample.Json);

        options.Otherwise.ShouldBe(WhenNoRuleMatches.Pass);
        options.Listeners[0].Limits.MessageSize.ShouldBe(50_000_000);
        options.Listeners[0].Clients.ShouldBe([IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("::1/128")]);
        options.Queue.Retry.Count.ShouldBe(6);
        options.Rules[0].Sign!.Choose.IsBySender.ShouldBeTrue();
        options.Rules[0].Sign!.Digest.ShouldBe(SignatureDigest.Sha256);
    }

    [Fact]
    public void Paths_that_are_read_start_at_the_file_and_paths_that_are_written_at_the_data_folder()
    {
        var options = Sample.LoadValid(Sample.With(
            """{ "name": "local", "authority": "ca", "issueFor": "*@example.com" }""",
            """{ "name": "local", "authority": "ca", "issueFor": "*@example.com" }, { "name": "office", "pkcs12": "own/office.pfx", "password": { "file": "office.password" } }"""));

        options.DataFolder.ShouldBe("/etc/var");
        options.Certificates.Own[0].Authority.ShouldBe("/etc/var/ca");
        options.Certificates.Own[1].Pkcs12.ShouldBe("/etc/smimegateway/own/office.pfx");
        options.Certificates.Own[1].Password!.File.ShouldBe("/etc/smimegateway/office.password");
        options.Routes[0].Folder.ShouldBe("/etc/var/outbox");
        options.Queue.Disk.ShouldBe("/etc/var/queue");
        options.Log.File.ShouldBe("/etc/var/logs/smimegateway-.log");
        options.Admin.Socket.ShouldBe("/etc/var/admin.sock");
    }

    [Fact]
    public void A_single_value_stands_for_a_list_of_one()
    {
        var single = Sample.LoadValid(Sample.Json);
        var list = Sample.LoadValid(Sample.With("""{ "with": "local" }""", """{ "with": ["local"] }"""));

        list.Rules[0].Sign!.With.ShouldBe(single.Rules[0].Sign!.With);
    }

    [Fact]
    public void Every_kind_of_value_is_read()
    {
        var options = Sample.LoadValid(Sample.WithRules(
            """
            [{
              "name": "everything",
              "when": {
                "sender": ["<>", "?@example.com"], "recipient": "*", "listener": "INTERNAL", "client": ["10.0.0.0/8", "2001:db8::1"],
                "subject": "*urgent*", "header": { "X-One": "1", "X-Two": ["2", "3"] }
              },
              "sign": { "with": "Local", "choose": { "thumbprint": "0f:1e:2d:3c:4b:5a:69:78:87:96:a5:b4:c3:d2:e1:f0:0f:1e:2d:3c" }, "form": "opaque", "capabilities": false },
              "alreadyProtected": "signAgain"
            }]
            """));

        var rule = options.Rules.ShouldHaveSingleItem();
        rule.When.Sender.ShouldBe(["<>", "?@example.com"]);
        rule.When.Client.ShouldBe([IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("2001:db8::1/128")]);
        rule.When.Header["x-two"].ShouldBe(["2", "3"]);
        rule.Sign!.Choose.Thumbprint.ShouldBe("0F1E2D3C4B5A69788796A5B4C3D2E1F00F1E2D3C");
        rule.Sign.Form.ShouldBe(SignatureForm.Opaque);
        rule.Sign.Capabilities.ShouldBeFalse();
        rule.AlreadyProtected.ShouldBe(AlreadyProtected.SignAgain);
    }

    [Fact]
    public void The_log_file_can_be_switched_off()
    {
        var options = Sample.LoadValid(Sample.With("\"hostName\"", "\"log\": { \"file\": null }, \"hostName\""));

        options.Log.File.ShouldBeNull();
    }

    [Fact]
    public void A_byte_order_mark_is_no_error()
    {
        byte[] bytes = [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(Sample.Json)];

        ConfigurationLoader.Load("gateway.json", bytes).Errors.ShouldBeEmpty();
    }

    [Fact]
    public void A_file_that_is_not_there_is_one_error_that_names_it()
    {
        using var folder = new TemporaryFolder();

        ConfigurationLoader.Load(folder["none.json"]).Errors.ShouldHaveSingleItem().ToString()
            .ShouldBe(folder["none.json"] + ": there is no such file. Name the configuration with --config FILE.");
        ConfigurationLoader.Load(folder.Path).Errors.ShouldHaveSingleItem().Problem.ShouldBe("this is a folder");
        ConfigurationLoader.Load(folder["none/none.json"]).Errors.ShouldHaveSingleItem().Problem.ShouldBe("there is no such folder");
        ConfigurationLoader.Load("with\0zero").Errors.ShouldHaveSingleItem().Problem.ShouldStartWith("the file cannot be read");
    }

    [Fact]
    public void A_file_far_too_long_is_not_read()
    {
        using var folder = new TemporaryFolder();
        using (var file = File.Create(folder["long.json"]))
        {
            file.SetLength(17 * 1024 * 1024);
        }

        ConfigurationLoader.Load(folder["long.json"]).Errors.ShouldHaveSingleItem().Problem.ShouldStartWith("the file is longer than");
    }

    [Fact]
    public void A_password_in_the_configuration_is_never_repeated_in_a_message()
    {
        string[] mistakes =
        [
            "\"hunter2\"", "[\"hunter2\"]", "{ \"value\": \"hunter2\" }", "{ \"file\": \"a\", \"env\": \"b\", \"password\": \"hunter2\" }",
        ];

        foreach (var mistake in mistakes)
        {
            var result = Sample.Load(Sample.With("\"authority\": \"ca\"", $"\"authority\": \"ca\", \"password\": {mistake}, \"pin\": \"hunter2\""));

            result.Errors.Count.ShouldBeGreaterThan(1);
            result.Errors.ShouldAllBe(error => !error.ToString().Contains("hunter2", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Control_characters_of_a_value_do_not_reach_the_terminal()
    {
        var result = Sample.Load(Sample.With("gateway.example.com", @"\u001b[31m\u009b\u2028\n"));

        result.Errors.ShouldHaveSingleItem().ToString().ShouldAllBe(c => !char.IsControl(c) && c != '\u2028');
    }

    [Fact]
    public void A_file_that_is_wrong_everywhere_is_told_about_in_bounded_space()
    {
        var rules = string.Join(",", Enumerable.Repeat("""{ "nmae": 1 }""", 20_000));

        Sample.Load(Sample.WithRules($"[{rules}]")).Errors.Count.ShouldBe(500);
    }

    [Fact]
    public void A_hostile_file_is_refused_in_time_that_grows_with_its_length_alone()
    {
        // Each of these is quadratic for a reader that looks through everything for everything: unknown keys beside many rules, one
        // very long line of errors, and names that are nearly known.
        string[] files =
        [
            Sample.WithRules($"[{Repeat(20_000, i => "{}")}]").Replace("\"hostName\"", Repeat(100_000, i => $"\"k{i}\": 1") + ", \"hostName\"", StringComparison.Ordinal),
            $"{{ {Repeat(100_000, i => "\"hostName\": 1")} }}",
            Sample.WithRules($"[{Repeat(10_000, i => $$"""{ "name": "{{i}}", "sign": { "with": "lokal{{i}}" } }""")}]").Replace(
                "\"own\": [", $"\"own\": [{Repeat(10_000, i => $$"""{ "name": "local{{i}}", "folder": "own" }""")}, ", StringComparison.Ordinal),
        ];

        foreach (var file in files)
        {
            Sample.Load(file).Errors.Count.ShouldBe(500);
        }

        static string Repeat(int count, Func<int, string> entry) => string.Join(", ", Enumerable.Range(0, count).Select(entry));
    }

    [Fact]
    public void Ten_thousand_rules_load()
    {
        var rules = string.Join(",", Enumerable.Range(0, 10_000).Select(i => string.Create(
            CultureInfo.InvariantCulture, $$"""{ "name": "{{i}}", "when": { "sender": "s{{i}}@example.com" }, "sign": { "with": "local" } }""")));

        var result = Sample.Load(Sample.WithRules($"[{rules}]"));

        result.Errors.ShouldBeEmpty();
        result.Warnings.ShouldBeEmpty();
        result.Options!.Rules.Count.ShouldBe(10_000);
    }
}
