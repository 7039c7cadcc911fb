namespace SmimeGateway.Host.Tests.Configuration.Validating;

public sealed class WarningsTests
{
    private const string Listener = """{ "name": "internal", "endpoint": "127.0.0.1:2525" }""";
    private const string Route = """{ "recipients": "*", "folder": "outbox" }""";

    [Fact]
    public void A_rule_for_a_wildcard_that_names_one_certificate_is_warned_about() => ShouldWarn(
        Sample.With("""{ "with": "local" }""", """{ "with": "local", "choose": { "address": "office@example.com" } }"""),
        "$.rules[0].sign.choose",
        "one certificate signs for every sender the rule matches, and clients show a signature of somebody else");

    [Theory]
    [InlineData("\"user\": \"gateway\"", "required", "$.routes[0].authentication.user", "without a password nobody looks at it: the tickets and keys of the gateway's account say who logs in")]
    [InlineData("\"user\": \"gateway\", \"password\": { \"env\": \"A\" }", "off", "$.routes[0].authentication.mechanism",
        "the system's library may ask DNS for the name of the service that gets the ticket, and no certificate is judged that would tell a false one")]
    public void A_user_whose_ticket_is_not_asked_for_and_a_service_whose_name_is_anybodys_are_warned_about(string with, string tls, string path, string problem) => ShouldWarn(
        Sample.With(Route, $$"""{ "recipients": "*", "hosts": "mx.example.net", "tls": "{{tls}}", "authentication": { "mechanism": "gssapi", {{with}} } }"""), path, problem);

    [Fact]
    public void A_rule_for_one_sender_may_name_its_certificate() => Sample.Load(Sample.WithRules(
        """[{ "name": "office", "when": { "sender": "office@example.com" }, "sign": { "with": "local", "choose": { "address": "office@example.com" } } }]"""))
        .Warnings.ShouldBeEmpty();

    [Fact]
    public void Sha1_is_warned_about() => ShouldWarn(
        Sample.With("""{ "with": "local" }""", """{ "with": "local", "digest": "sha1" }"""),
        "$.rules[0].sign.digest",
        "SHA-1 signatures can be forged, and most clients refuse them");

    [Fact]
    public void A_second_signature_that_many_programs_refuse_is_warned_about() => ShouldWarn(
        Sample.With("""{ "with": "local" }""", """{ "with": "local", "also": "mlDsa" }"""),
        "$.rules[0].sign.also",
        "OpenSSL 3.0, GnuPG 2.2 and .NET refuse the whole message for a signature of ML-DSA beside the first; NSS, GnuTLS and MimeKit take it");

    [Theory]
    [InlineData("*@example.com", "example.com", false, false)]
    [InlineData("*@*.com", "example.com", false, false)]
    [InlineData("alice@mail.example.com", "example.com", true, false)]
    [InlineData("alice@mail.example.com", "example.com", false, true)]
    [InlineData("*", "example.com", false, true)]
    [InlineData("*@*", "example.com", true, true)]
    [InlineData("*@example.org", "example.com", false, true)]
    public void A_domain_that_never_signs_as_no_entry_of_senders_names_it_is_warned_about(string senders, string domain, bool subdomains, bool isWarned)
    {
        var json = Sample.With("*@example.com\" }],", senders + "\" }],")
            .Replace("\"routes\"", $$"""
                "dkim": [{ "domain": "{{domain}}", "selector": "s1", "key": { "env": "KEY" }, "subdomains": {{(subdomains ? "true" : "false")}} }], "routes"
                """, StringComparison.Ordinal);

        Sample.Load(json).Warnings.Any(warning => warning.Problem.StartsWith("no mail of clients is signed: no entry of \"senders\"", StringComparison.Ordinal)).ShouldBe(isWarned);
    }

    [Fact]
    public void A_rule_behind_one_with_the_same_conditions_is_warned_about() => ShouldWarn(
        Sample.WithRules(
            """
            [{ "name": "first", "when": { "sender": ["a@example.com", "b@example.com"] }, "pass": true },
             { "name": "second", "when": { "sender": ["B@example.com", "a@example.com"] }, "sign": { "with": "local" } }]
            """),
        "$.rules[1]",
        "the rule never applies: \"first\" before it takes all its messages");

    [Fact]
    public void A_rule_behind_one_for_everything_is_warned_about() => ShouldWarn(
        Sample.WithRules("""[{ "name": "all", "pass": true }, { "name": "late", "when": { "sender": "*" }, "sign": { "with": "local" } }]"""),
        "$.rules[1]",
        "the rule never applies: \"all\" before it takes all its messages");

    [Fact]
    public void A_rule_that_asks_for_a_user_is_warned_about() => ShouldWarn(
        Sample.With("""{ "sender": "*@example.com" }""", """{ "user": "alice" }"""),
        "$.rules[0].when.user",
        "the rule never applies, because nobody can log in at any listener");

    [Fact]
    public void What_to_do_with_protected_mail_means_nothing_in_a_rule_that_passes() => ShouldWarn(
        Sample.WithRules("""[{ "name": "all", "pass": true, "alreadyProtected": "keep" }]"""),
        "$.rules[0].alreadyProtected",
        "this means nothing in a rule that passes");

    [Theory]
    [InlineData("*@mü--x.example")]
    [InlineData("\u212Aim@example.com")]
    [InlineData("al\u200Bice@example.com")]
    public void A_pattern_that_nothing_can_match_is_warned_about(string pattern) => ShouldWarn(
        Sample.WithRules($$"""[{ "name": "all", "when": { "recipient": ["*@example.net", "{{pattern}}"] }, "pass": true }]"""),
        "$.rules[0].when.recipient",
        $"no address can ever match \"{pattern}\"");

    [Theory]
    [InlineData("*@müller.example.")]
    [InlineData("*@*.m?ller.example")]
    [InlineData("a..b@docomo.example")]
    public void A_pattern_that_something_can_match_is_not(string pattern) => Sample.Load(
        Sample.WithRules($$"""[{ "name": "all", "when": { "recipient": "{{pattern}}" }, "pass": true }]""")).Warnings.ShouldBeEmpty();

    [Theory]
    [InlineData("*@exmaple.com")]
    [InlineData("alice@example.com.evil.example")]
    [InlineData("*@*.example.com")]
    public void An_author_whom_nobody_may_send_as_is_warned_about(string pattern) => ShouldWarn(
        Sample.WithRules($$"""[{ "name": "sign", "when": { "sender": ["a@example.com", "{{pattern}}"] }, "sign": { "with": "local" } }]"""),
        "$.rules[0].when.sender",
        $"no mail ever matches \"{pattern}\": \"senders\" lets nobody send as such an author");

    [Theory]
    [InlineData("<>")]
    [InlineData("*")]
    [InlineData("*@example.*")]
    [InlineData("al?ce@Example.COM")]
    public void An_author_whom_somebody_may_send_as_is_not(string pattern) => Sample.Load(
        Sample.WithRules($$"""[{ "name": "sign", "when": { "sender": "{{pattern}}" }, "sign": { "with": "local" } }]""")).Warnings.ShouldBeEmpty();

    [Fact]
    public void Rules_for_one_domain_in_two_forms_have_the_same_conditions() => ShouldWarn(
        Sample.WithRules(
            """
            [{ "name": "first", "when": { "recipient": "*@müller.example" }, "pass": true },
             { "name": "second", "when": { "recipient": "*@XN--MLLER-KVA.example" }, "sign": { "with": "local" } }]
            """),
        "$.rules[1]",
        "the rule never applies: \"first\" before it takes all its messages");

    [Fact]
    public void A_listener_for_the_whole_world_is_warned_about() => ShouldWarn(
        Sample.With(Listener, """{ "name": "internal", "endpoint": "0.0.0.0:25", "clients": ["10.0.0.0/8", "0.0.0.0/0"] }"""),
        "$.listeners[0].clients[1]",
        "every host that reaches this listener may relay through it");

    [Fact]
    public void A_listener_of_this_machine_alone_may_let_everybody_in() => Sample.Load(
        Sample.With(Listener, """{ "name": "internal", "endpoint": "127.0.0.1:25", "clients": "0.0.0.0/0" }""")).Warnings.ShouldBeEmpty();

    [Fact]
    public void A_client_with_more_connections_than_the_listener_is_warned_about() => ShouldWarn(
        Sample.With(Listener, """{ "name": "internal", "endpoint": "127.0.0.1:25", "limits": { "connections": 10 } }"""),
        "$.listeners[0].limits.connectionsPerClient",
        "one client may have more connections than the listener takes (10)");

    [Fact]
    public void A_sender_whom_no_listener_lets_in_is_warned_about() => ShouldWarn(
        Sample.With("""{ "address": "*@example.com" }""", """{ "address": "*@example.com", "clients": ["127.0.0.1", "10.0.0.0/8"] }"""),
        "$.senders[0].clients[1]",
        "no listener lets these clients in");

    [Fact]
    public void A_route_behind_one_for_everybody_is_warned_about() => ShouldWarn(
        Sample.With(Route, Route + """, { "recipients": "*@partner.example", "hosts": "mx.partner.example" }"""),
        "$.routes[1]",
        "the route is never used: one before it takes every recipient");

    [Fact]
    public void Recipients_without_a_route_are_warned_about() => ShouldWarn(
        Sample.With("\"recipients\": \"*\"", "\"recipients\": \"*@example.com\""),
        "$.routes",
        "recipients that match no route are refused");

    [Fact]
    public void Connections_of_a_folder_are_warned_about() => ShouldWarn(
        Sample.With("\"folder\": \"outbox\"", "\"folder\": \"outbox\", \"connections\": 5"),
        "$.routes[0].connections",
        "a folder takes no connections");

    [Fact]
    public void A_queue_that_gives_up_before_it_tries_again_is_warned_about() => ShouldWarn(
        Sample.With("\"hostName\"", """ "queue": { "retry": "2h", "giveUpAfter": "90m", "warnAfter": "30m" }, "hostName" """),
        "$.queue.giveUpAfter",
        "delivery is given up before it is tried again after 2h");

    [Fact]
    public void A_queue_that_gives_up_before_it_warns_is_warned_about() => ShouldWarn(
        Sample.With("\"hostName\"", """ "queue": { "giveUpAfter": "3h" }, "hostName" """),
        "$.queue.warnAfter",
        "nobody is told about a delay, because delivery is given up after 3h");

    private static void ShouldWarn(string json, string path, string problem)
    {
        var result = Sample.Load(json);

        result.Errors.ShouldBeEmpty();
        var warning = result.Warnings.ShouldHaveSingleItem();
        warning.Path.ShouldBe(path);
        warning.Problem.ShouldBe(problem);
    }
}
