using SmimeGateway.Certificates;
using SmimeGateway.Cms;
using SmimeGateway.Deciding;
using SmimeGateway.Deciding.Options;
using SmimeGateway.Locating;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests.Locating;

public sealed class AnnouncedCiphersTests
{
    private static readonly PartnerCertificate Bob = PartnerCertificate.Of("folder", "bob.cer", TestPki.Public(TestPki.Issue("bob@example.net")));

    // Each certificate: "-" announced nothing, "?" cannot be read, "3des" nothing that may be used; newest first. The list is
    // aes256-gcm, aes256-cbc, aes128-cbc, and unknown ones read aes256-cbc.
    [Theory]
    [InlineData("", null)]
    [InlineData("-", null)]
    [InlineData("?", null)]
    [InlineData("3des", null)]
    [InlineData("192gcm", null)]
    [InlineData("-|3des|?", null)]
    [InlineData("gcm,cbc", "gcm,cbc")]
    [InlineData("cbc,gcm", "cbc,gcm")]
    [InlineData("3des,128cbc", "128cbc")]
    [InlineData("gcm,192gcm,cbc", "gcm,cbc")]
    [InlineData("gcm,cbc|cbc,gcm", "gcm,cbc")]
    [InlineData("cbc,gcm|gcm,cbc", "cbc,gcm")]
    [InlineData("gcm,cbc|128cbc,gcm", "gcm")]
    [InlineData("gcm,cbc,128cbc|-", "cbc")]
    [InlineData("-|gcm,cbc", "cbc")]
    [InlineData("3des|gcm,cbc", "cbc")]
    [InlineData("gcm|-", "gcm")]
    [InlineData("gcm|128cbc", "gcm")]
    [InlineData("128cbc|gcm", "128cbc")]
    [InlineData("gcm,cbc|cbc,128cbc|gcm,cbc", "cbc")]
    public void What_several_certificates_of_one_recipient_read_in_common_or_the_newest_alone(string announced, string? common)
    {
        var certificates = announced.Split('|', StringSplitOptions.RemoveEmptyEntries)
            .Select((list, age) => Announcing(list) with { Announced = TestPki.Now.AddHours(-age) })
            .ToList();

        var joined = AnnouncedCiphers.Join(new EncryptTerms(new EncryptOptions { To = ["x"] }, new EncryptionOptions()), certificates);

        (joined is null ? null : string.Join(',', joined.Select(Short))).ShouldBe(common);
    }

    [Fact]
    public void What_was_announced_in_mail_leads_what_stands_in_another_certificate()
    {
        PartnerCertificate[] certificates = [Announcing("cbc,gcm"), Announcing("gcm,cbc") with { Announced = TestPki.Now }];

        AnnouncedCiphers.Join(new EncryptTerms(new EncryptOptions { To = ["x"] }, new EncryptionOptions()), certificates)
            .ShouldBe([ContentCipher.Aes256Gcm, ContentCipher.Aes256Cbc]);
    }

    [Fact]
    public void A_rule_with_a_list_of_its_own_says_it_of_certificates_that_announced_nothing()
    {
        var terms = new EncryptTerms(new EncryptOptions { To = ["x"], Ciphers = [ContentCipher.Aes128Gcm, ContentCipher.Aes256Gcm] }, new EncryptionOptions());

        AnnouncedCiphers.Join(terms, [Announcing("gcm,cbc"), Announcing("-")]).ShouldBe([ContentCipher.Aes256Gcm]);
    }

    private static PartnerCertificate Announcing(string list) => Bob with
    {
        Capabilities = list switch
        {
            "-" => default,
            "?" => new byte[] { 0x30, 0x80, 0x01 },
            _ => new SmimeCapabilities(list.Split(',').Select(name => new SmimeCapability(name switch
            {
                "gcm" => "2.16.840.1.101.3.4.1.46",
                "cbc" => "2.16.840.1.101.3.4.1.42",
                "128cbc" => "2.16.840.1.101.3.4.1.2",
                "192gcm" => "2.16.840.1.101.3.4.1.26",
                _ => "1.2.840.113549.3.7",
            }))).Encode(),
        },
    };

    private static string Short(ContentCipher cipher) => cipher switch
    {
        ContentCipher.Aes256Gcm => "gcm",
        ContentCipher.Aes256Cbc => "cbc",
        ContentCipher.Aes128Cbc => "128cbc",
        _ => cipher.ToString(),
    };
}
