using System.Text.Json;
using SmimeGateway.TestSupport;

namespace SmimeGateway.EndToEnd.Scenarios;

/// <summary>What test, explain, verify and decrypt say about mail that is encrypted, with OpenSSL as the judge of the messages they write.</summary>
public sealed class EncryptionCommandTests : IDisposable
{
    private const string From = "alice@example.com";
    private readonly PartnerHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Test_shows_each_message_that_a_message_splits_into_and_writes_them_all()
    {
        string[] keys = [_home.Partner("bob@example.net"), _home.Partner("carol@example.net"), _home.Partner("dora@example.net")];
        var file = _home.Folder + "/trial.eml";

        var run = await _home.RunAsync(
            "test", "--from", From, "--to", "bob@example.net", "carol@example.net", "--bcc", "dora@example.net", "--out", file, "--json");

        run.ExitCode.ShouldBe(0, run.Text);
        using var json = JsonDocument.Parse(run.Output);
        var messages = json.RootElement.GetProperty("messages").EnumerateArray().ToList();
        messages.Select(message => string.Join(" ", message.GetProperty("to").EnumerateArray())).ShouldBe(["bob@example.net carol@example.net", "dora@example.net"]);
        Recipients(messages[0]).ShouldBe(["bob@example.net", "carol@example.net", From], ignoreOrder: true);
        Recipients(messages[1]).ShouldBe(["dora@example.net", From], ignoreOrder: true);
        (await DecryptAsync(file, keys[0])).ShouldContain("This is a trial.");
        (await DecryptAsync(file, keys[1])).ShouldContain("This is a trial.");
        (await DecryptAsync(_home.Folder + "/trial.2.eml", keys[2])).ShouldContain("This is a trial.");
        (await Tool.RunAsync("openssl", ["cms", "-decrypt", "-in", file, "-recip", keys[2]])).ExitCode.ShouldNotBe(0);
        Directory.Exists(_home.Gateway.DataFolder).ShouldBeFalse("a rehearsal writes nothing");
    }

    [Fact]
    public async Task Test_tells_why_a_certificate_was_not_taken_and_which_cipher_was()
    {
        _home.Partner("bob@example.net");
        File.WriteAllText(_home.PartnerFolder + "/old.pem", TestPki.MakeCertificatePem(TestPki.Public(TestPki.Expired("bob@example.net"))));

        var run = await _home.RunAsync("test", "--from", From, "--to", "bob@example.net");

        run.ExitCode.ShouldBe(0, run.Text);
        run.Output.ShouldContain("expired");
        run.Output.ShouldContain("aes256-cbc");
        run.Output.ShouldContain("1. encrypted with AES-256-CBC");
        run.Output.ShouldContain("for bob@example.net: RSA");
        run.Output.ShouldContain("2. signed, clear");
    }

    [Fact]
    public async Task Test_says_no_where_a_recipient_has_no_certificate()
    {
        var run = await _home.RunAsync("test", "--from", From, "--to", "eve@example.net");

        run.ExitCode.ShouldBe(1, run.Text);
        run.Output.ShouldContain("550 5.7.5");
        run.Output.ShouldContain("eve@example.net");
    }

    [Fact]
    public async Task A_rehearsal_of_mail_that_is_held_makes_no_key()
    {
        using var home = new PartnerHome(PartnerHome.Encrypt(", \"whenMissing\": \"hold\""));

        var run = await home.RunAsync("test", "--from", From, "--to", "eve@example.net", "--json");

        run.ExitCode.ShouldBe(1, run.Text);
        using var json = JsonDocument.Parse(run.Output);
        var message = json.RootElement.GetProperty("messages").EnumerateArray().ShouldHaveSingleItem();
        message.GetProperty("protection").GetString().ShouldBe("held");
        message.GetProperty("verdict").GetString().ShouldBe("waits, sealed, until there is a certificate");
        Directory.Exists(home.Gateway.DataFolder).ShouldBeFalse("a rehearsal writes nothing");
    }

    [Fact]
    public async Task Explain_tells_the_terms_and_where_they_come_from()
    {
        using var home = new PartnerHome(PartnerHome.Encrypt(", \"keyTransport\": \"oaep-sha512\"", ", \"profile\": \"edi-energy\""));

        var run = await home.RunAsync("explain", "--from", From, "--to", "bob@example.net", "carol@example.net", "--json");

        run.ExitCode.ShouldBe(0, run.Text);
        using var json = JsonDocument.Parse(run.Output);
        var recipients = json.RootElement.GetProperty("recipients").EnumerateArray().ToList();
        recipients.Count.ShouldBe(2);
        var terms = recipients[0].GetProperty("terms").EnumerateArray()
            .Select(term => string.Join(" | ", term.EnumerateObject().Select(member => member.Value.GetString()))).ToList();
        terms.ShouldContain("encrypt.keyTransport | oaep-sha512 | the rule");
        terms.ShouldContain("sign.padding | pss | profile edi-energy");
        recipients[0].GetProperty("sentence").GetString().ShouldBe("rule \"encrypt\" signs with office, encrypts to certificates of folder");
    }

    [Fact]
    public async Task Verify_shows_the_layers_of_an_encrypted_message_that_an_own_key_opens()
    {
        var file = await WriteAsync(PartnerHome.Encrypt(rule: ", \"wrap\": \"triple\""));

        var run = await _home.RunAsync("verify", file);

        run.ExitCode.ShouldBe(0, run.Text);
        run.Output.ShouldContain("1. signed, clear");
        run.Output.ShouldContain("2. encrypted with AES-256-CBC");
        run.Output.ShouldContain("3. signed, clear");
        run.Output.ShouldContain("Verification successful.");
    }

    [Theory]
    [InlineData]
    [InlineData("-keyid")]
    public async Task Verify_finds_the_certificate_that_a_message_does_not_carry(params string[] naming)
    {
        var key = _home.Partner("bob@example.net");
        var run = await Tool.MustAsync(
            "openssl", ["cms", "-sign", "-nocerts", "-signer", key, "-from", "bob@example.net", "-to", From, "-subject", "x", "-crlfeol", .. naming], "Hello\r\n"u8.ToArray());
        var file = _home.Folder + "/bare.eml";
        await File.WriteAllTextAsync(file, run.Output.ReplaceLineEndings("\r\n"));

        var verified = await _home.RunAsync("verify", file);

        verified.ExitCode.ShouldBe(0, verified.Text);
        verified.Output.ShouldContain("certificate: not in the message, but in " + _home.PartnerFolder);

        Directory.Delete(_home.PartnerFolder, recursive: true);
        (await _home.RunAsync("verify", file)).ExitCode.ShouldBe(1);
    }

    [Fact]
    public async Task Decrypt_writes_the_message_as_it_was()
    {
        var file = await WriteAsync(PartnerHome.Encrypt(", \"protectHeaders\": true"), "--subject", "The secret plan");
        File.ReadAllText(file).ShouldNotContain("The secret plan");
        var output = _home.Folder + "/inner.eml";

        var run = await _home.RunAsync("decrypt", file, "--out", output);

        run.ExitCode.ShouldBe(0, run.Text);
        var inner = File.ReadAllText(output);
        inner.ShouldContain("Subject: The secret plan");
        inner.ShouldContain("From: alice@example.com");
        inner.ShouldContain("This is a trial.");
        inner.ShouldNotContain("Subject: [...]\r\nDate");
        (await Tool.MustAsync("stat", ["-c", "%a", output])).Output.ShouldBe("600\n");
    }

    [Fact]
    public async Task Decrypt_says_no_to_mail_for_others_and_to_mail_that_is_not_encrypted()
    {
        var file = await WriteAsync(PartnerHome.Encrypt(", \"includeSender\": false"));
        var plain = _home.Folder + "/plain.eml";
        await File.WriteAllBytesAsync(plain, Lines.Message(From));

        var foreign = await _home.RunAsync("decrypt", file);
        var open = await _home.RunAsync("decrypt", plain);

        foreign.ExitCode.ShouldBe(1, foreign.Text);
        foreign.Output.ShouldBeEmpty();
        foreign.Errors.ShouldContain("Nothing was decrypted");
        open.ExitCode.ShouldBe(1, open.Text);
        open.Errors.ShouldContain("the message is not encrypted");
    }

    [Theory]
    [InlineData("", "aes-128-gcm", "sha256")]
    [InlineData(", \"ciphers\": \"aes256-cbc\", \"keyTransport\": \"oaep-sha512\"", "aes-256-cbc", "sha512")]
    public async Task The_energy_market_gets_its_algorithms(string further, string cipher, string digest)
    {
        var file = await WriteAsync(PartnerHome.Encrypt(further, ", \"profile\": \"edi-energy\""));

        var printed = (await Tool.MustAsync("openssl", ["cms", "-cmsout", "-print", "-noout", "-in", file])).Output;
        var signed = await DecryptAsync(file, _home.Folder + "/bob@example.net.key.pem");

        printed.ShouldContain(cipher);
        printed.ShouldContain("rsaesOaep");
        printed.ShouldContain(digest);
        printed.ShouldNotContain("rsaEncryption");
        var inner = _home.Folder + "/signed.eml";
        await File.WriteAllTextAsync(inner, signed);
        (await Tool.MustAsync("openssl", ["cms", "-verify", "-in", inner, "-CAfile", _home.Folder + "/root.pem", "-purpose", "any"])).Errors.ShouldContain("successful");
        (await Tool.MustAsync("openssl", ["cms", "-cmsout", "-print", "-noout", "-in", inner])).Output.ShouldContain("rsassaPss");
    }

    // Writes a trial for bob by other rules, and leaves the home with its own.
    private async Task<string> WriteAsync(string rules, params string[] more)
    {
        _home.Partner("bob@example.net");
        var configuration = await File.ReadAllTextAsync(_home.Gateway.ConfigurationFile);
        await File.WriteAllTextAsync(_home.Gateway.ConfigurationFile, configuration.Replace(PartnerHome.Encrypt(), rules, StringComparison.Ordinal));
        var file = _home.Folder + "/trial.eml";
        var run = await _home.RunAsync(["test", "--from", From, "--to", "bob@example.net", "--out", file, .. more]);
        run.ExitCode.ShouldBe(0, run.Text);
        await File.WriteAllTextAsync(_home.Gateway.ConfigurationFile, configuration);
        return file;
    }

    private static async Task<string> DecryptAsync(string file, string key) =>
        (await Tool.MustAsync("openssl", ["cms", "-decrypt", "-in", file, "-recip", key])).Output;

    private static IEnumerable<string> Recipients(JsonElement message) => message.GetProperty("layers")[0].GetProperty("recipients").EnumerateArray()
        .SelectMany(recipient => recipient.GetProperty("addresses").EnumerateArray())
        .Select(address => address.GetString()!);
}
