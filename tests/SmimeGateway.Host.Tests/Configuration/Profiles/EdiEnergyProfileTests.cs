using SmimeGateway.Cms;
using SmimeGateway.Deciding;
using SmimeGateway.Deciding.Options;

namespace SmimeGateway.Host.Tests.Configuration.Profiles;

public sealed class EdiEnergyProfileTests
{
    [Fact]
    public void A_rule_that_names_the_profile_gets_the_algorithms_of_the_energy_market()
    {
        var rule = Load("\"profile\": \"edi-energy\"");

        rule.Sign!.Padding.ShouldBe(RsaPadding.Pss);
        rule.Sign.Digest.ShouldBe(SignatureDigest.Sha256);
        rule.Sign.WhenMissing.ShouldBe(WhenCertificateMissing.Reject);
        rule.Encrypt!.Ciphers.ShouldBe([ContentCipher.Aes128Gcm, ContentCipher.Aes128Cbc, ContentCipher.Aes256Cbc]);
        rule.Encrypt.KeyTransport.ShouldBe(KeyTransport.OaepSha256);
        rule.Encrypt.IncludeSender.ShouldBe(false);
        rule.Encrypt.WhenMissing.ShouldBe(WhenRecipientMissing.Reject);
        new EncryptTerms(rule.Encrypt, new EncryptionOptions()).UnknownCapabilities.ShouldBe(ContentCipher.Aes128Gcm);
    }

    [Fact]
    public void What_the_rule_writes_stands()
    {
        var rule = Load(
            "\"profile\": \"edi-energy\"",
            "\"digest\": \"sha512\", \"whenMissing\": \"defer\"",
            "\"ciphers\": \"aes256-cbc\", \"keyTransport\": \"oaep-sha512\", \"includeSender\": true");

        rule.Sign!.Padding.ShouldBe(RsaPadding.Pss);
        rule.Sign.Digest.ShouldBe(SignatureDigest.Sha512);
        rule.Sign.WhenMissing.ShouldBe(WhenCertificateMissing.Defer);
        rule.Encrypt!.Ciphers.ShouldBe([ContentCipher.Aes256Cbc]);
        rule.Encrypt.KeyTransport.ShouldBe(KeyTransport.OaepSha512);
        rule.Encrypt.IncludeSender.ShouldBe(true);
    }

    [Fact]
    public void A_value_stands_even_where_it_is_the_default()
    {
        var rule = Load("\"profile\": \"edi-energy\"", "\"padding\": \"pkcs1\", \"whenMissing\": \"pass\"");

        rule.Sign!.Padding.ShouldBe(RsaPadding.Pkcs1);
        rule.Sign.WhenMissing.ShouldBe(WhenCertificateMissing.Pass);
    }

    [Fact]
    public void A_rule_without_the_profile_keeps_the_defaults()
    {
        var rule = Load("\"wrap\": \"triple\"");

        rule.Sign!.Padding.ShouldBe(RsaPadding.Pkcs1);
        rule.Encrypt!.Ciphers.ShouldBeEmpty();
        rule.Encrypt.KeyTransport.ShouldBeNull();
    }

    private static RuleOptions Load(string keys, string sign = "", string encrypt = "") => Sample.LoadValid(Sample
        .With("\"certificates\": {", """ "certificates": { "partners": [{ "name": "folder", "folder": "partners" }], """)
        .Replace(
            "\"sign\": { \"with\": \"local\" }",
            $"{keys}, \"sign\": {{ \"with\": \"local\", {sign} }}, \"encrypt\": {{ \"to\": \"folder\", {encrypt} }}",
            StringComparison.Ordinal)).Rules[0];
}
