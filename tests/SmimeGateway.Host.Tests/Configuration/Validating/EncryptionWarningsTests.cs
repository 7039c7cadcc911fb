namespace SmimeGateway.Host.Tests.Configuration.Validating;

/// <summary>What is allowed of a rule that encrypts, but seldom meant.</summary>
public sealed class EncryptionWarningsTests
{
    [Fact]
    public void A_rule_that_encrypts_and_says_nothing_more_is_not_warned_about() =>
        Sample.Load(Encrypting("""{ "name": "encrypt", "encrypt": { "to": "folder" } }""")).ShouldSatisfyAllConditions(
            result => result.Errors.ShouldBeEmpty(),
            result => result.Warnings.ShouldBeEmpty());

    [Fact]
    public void Mail_that_leaves_in_plain_text_without_a_certificate_is_warned_about() => ShouldWarn(
        """{ "name": "encrypt", "encrypt": { "to": "folder", "whenMissing": "pass" } }""",
        "$.rules[0].encrypt.whenMissing",
        "mail to recipients without a certificate leaves in plain text");

    [Fact]
    public void Compression_is_warned_about() => ShouldWarn(
        """{ "name": "encrypt", "encrypt": { "to": "folder", "compress": true } }""",
        "$.rules[0].encrypt.compress",
        "few clients read compressed content, and show an attachment instead");

    [Fact]
    public void Compression_by_default_is_warned_about() => ShouldWarn(
        """{ "name": "encrypt", "encrypt": { "to": "folder" } }""",
        "$.encryption.compress",
        "few clients read compressed content, and show an attachment instead",
        """ "encryption": { "compress": true }, """);

    [Fact]
    public void A_trigger_to_remove_without_a_condition_that_is_one_is_warned_about() => ShouldWarn(
        """{ "name": "encrypt", "when": { "recipient": "*@a.example" }, "encrypt": { "to": "folder" }, "removeTrigger": true }""",
        "$.rules[0].removeTrigger",
        "there is no trigger to remove");

    [Theory]
    [InlineData("\"removeTrigger\": true", "$.rules[0].removeTrigger")]
    [InlineData("\"wrap\": \"triple\"", "$.rules[0].wrap")]
    [InlineData("\"profile\": \"edi-energy\"", "$.rules[0].profile")]
    public void What_belongs_to_protection_means_nothing_in_a_rule_that_passes(string key, string path) => ShouldWarn(
        $$"""{ "name": "all", "when": { "subject": "[plain]*" }, "pass": true, {{key}} }""", path, "this means nothing in a rule that passes");

    [Fact]
    public void A_folder_whose_certificates_nobody_trusts_is_warned_about()
    {
        var json = Encrypting("""{ "name": "encrypt", "encrypt": { "to": "folder" } }""").Replace(", \"accept\": \"all\"", string.Empty, StringComparison.Ordinal);

        Sample.Load(json).Warnings.ShouldHaveSingleItem().Problem.ShouldBe("none of these certificates would be trusted, because no roots are");
        Sample.Load(json.Replace("\"certificates\": {", "\"certificates\": { \"trust\": { \"systemRoots\": true },", StringComparison.Ordinal)).Warnings.ShouldBeEmpty();
    }

    private static string Encrypting(string rule, string more = "") => Sample
        .With("\"certificates\": {", more + """ "certificates": { "partners": [{ "name": "folder", "folder": "partners", "accept": "all" }], """)
        .Replace("""{ "name": "sign", "when": { "sender": "*@example.com" }, "sign": { "with": "local" } }""", rule, StringComparison.Ordinal);

    private static void ShouldWarn(string rule, string path, string problem, string more = "")
    {
        var result = Sample.Load(Encrypting(rule, more));

        result.Errors.ShouldBeEmpty();
        var warning = result.Warnings.ShouldHaveSingleItem();
        warning.Path.ShouldBe(path);
        warning.Problem.ShouldBe(problem);
        warning.Remedy.ShouldNotBeEmpty();
    }
}
