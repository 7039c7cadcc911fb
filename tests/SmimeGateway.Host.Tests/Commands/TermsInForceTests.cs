using SmimeGateway.Host.Commands.Explaining;
using SmimeGateway.Host.Tests.Configuration;

namespace SmimeGateway.Host.Tests.Commands;

public sealed class TermsInForceTests
{
    [Theory]
    [InlineData("encrypt.keyTransport", "oaep-sha512", "the rule")]
    [InlineData("encrypt.blindCopies", "together", "encryption")]
    [InlineData("encrypt.identifyBy", "issuerAndSerial", "default")]
    [InlineData("encrypt.ciphers", "aes256-gcm, aes256-cbc, aes128-cbc", "default")]
    [InlineData("encrypt.unknownCapabilities", "aes256-cbc", "default")]
    [InlineData("encrypt.whenMissing", "reject", "default")]
    [InlineData("sign.padding", "pkcs1", "default")]
    [InlineData("sign.choose", "bySender", "default")]
    [InlineData("sign.with", "local", "the rule")]
    [InlineData("wrap", "triple", "the rule")]
    [InlineData("alreadyProtected", "keep", "default")]
    public void Each_value_says_who_set_it(string key, string value, string source) => Terms(
        "\"wrap\": \"triple\"", "\"keyTransport\": \"oaep-sha512\"", "\"blindCopies\": \"together\"")
        .ShouldContain(new TermInForce(key, value, source));

    [Theory]
    [InlineData("sign.padding", "pss", "profile edi-energy")]
    [InlineData("sign.whenMissing", "reject", "profile edi-energy")]
    [InlineData("encrypt.keyTransport", "oaep-sha512", "the rule")]
    [InlineData("encrypt.ciphers", "aes128-gcm, aes128-cbc, aes256-cbc", "profile edi-energy")]
    [InlineData("encrypt.unknownCapabilities", "aes128-gcm", "the first of encrypt.ciphers")]
    [InlineData("encrypt.includeSender", "false", "profile edi-energy")]
    [InlineData("encrypt.blindCopies", "together", "encryption")]
    [InlineData("encrypt.whenMissing", "reject", "default")]
    public void A_profile_sets_what_the_rule_does_not(string key, string value, string source) => Terms(
        "\"profile\": \"edi-energy\"", "\"keyTransport\": \"oaep-sha512\"", "\"blindCopies\": \"together\", \"includeSender\": true")
        .ShouldContain(new TermInForce(key, value, source));

    [Fact]
    public void Every_key_is_told_once()
    {
        var keys = Terms("\"wrap\": \"triple\"", "\"compress\": false", "\"compress\": false").Select(term => term.Key).ToList();

        keys.ShouldBeUnique();
        keys.Count(key => key.StartsWith("encrypt.", StringComparison.Ordinal)).ShouldBe(11);
    }

    private static IReadOnlyList<TermInForce> Terms(string rule, string encrypt, string encryption)
    {
        var loaded = Sample.Load(Sample
            .With("\"certificates\": {", $$""" "encryption": { {{encryption}} }, "certificates": { "partners": [{ "name": "folder", "folder": "partners" }], """)
            .Replace(
                "\"sign\": { \"with\": \"local\" }",
                $"{rule}, \"sign\": {{ \"with\": \"local\" }}, \"encrypt\": {{ \"to\": \"folder\", {encrypt} }}",
                StringComparison.Ordinal));
        loaded.Errors.ShouldBeEmpty();
        return TermsInForce.Of(loaded.Options!, 0, loaded.Document!);
    }
}
