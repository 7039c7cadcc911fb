using System.Security.Cryptography.X509Certificates;
using SmimeGateway.Certificates;
using SmimeGateway.Certificates.Watching;
using SmimeGateway.Cms;
using SmimeGateway.Deciding.Options;
using SmimeGateway.Host.Configuration;
using SmimeGateway.Host.Configuration.Checking;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Host.Tests.Configuration.Checking;

public sealed class AnnouncementsCheckTests
{
    [Fact]
    public void A_certificate_that_announces_more_than_the_configuration_is_warned_about()
    {
        var warning = Check(new EncryptionOptions(), Announcing(ContentCipher.Aes256Gcm, ContentCipher.Aes256Cbc)).ShouldHaveSingleItem();

        warning.Severity.ShouldBe(CheckSeverity.Warning);
        warning.Subject.ShouldBe("certificates.own \"office\"");
        warning.Text.ShouldStartWith("1 certificate(s) announce aes256-gcm, which encryption.announce does not (alice.pem).");
    }

    [Fact]
    public void Many_of_one_source_make_one_line() =>
        Check(new EncryptionOptions(), [.. Enumerable.Range(0, 50).Select(_ => Announcing(ContentCipher.Aes128Gcm))]).ShouldHaveSingleItem().Text
            .ShouldStartWith("50 certificate(s) announce aes128-gcm, which encryption.announce does not (alice.pem, alice.pem, alice.pem, ...).");

    [Fact]
    public void What_is_configured_or_not_announced_at_all_is_no_matter()
    {
        Check(new EncryptionOptions(), Announcing(ContentCipher.Aes128Cbc), TestPki.Issue("alice@example.com")).ShouldBeEmpty();
        Check(new EncryptionOptions { Announce = [ContentCipher.Aes256Gcm] }, Announcing(ContentCipher.Aes256Gcm)).ShouldBeEmpty();
    }

    [Fact]
    public void One_that_is_replaced_or_expired_is_no_matter()
    {
        var own = Own(Announcing(ContentCipher.Aes256Gcm));
        CertificateLife[] lives = [new(own, 10, IsExpired: false, null, IsSuperseded: true), new(own, -1, IsExpired: true, null, IsSuperseded: false)];

        AnnouncementsCheck.Check(new GatewayOptions { HostName = "gateway.example.com" }, lives).ShouldBeEmpty();
    }

    private static X509Certificate2 Announcing(params ContentCipher[] ciphers) => TestPki.IssueWith(
        new X500DistinguishedName("CN=Alice"),
        KeyKind.Rsa2048,
        TestPki.MakeAlternativeName("alice@example.com"),
        new X509Extension("1.2.840.113549.1.9.15", SmimeCapabilities.Of(ciphers).Encode(), critical: false));

    private static OwnCertificate Own(X509Certificate2 certificate) => new("office", "alice.pem", certificate, [], CertificateTraits.Read(certificate));

    private static IReadOnlyList<CheckFinding> Check(EncryptionOptions encryption, params X509Certificate2[] certificates) =>
    [
        .. AnnouncementsCheck.Check(
            new GatewayOptions { HostName = "gateway.example.com", Encryption = encryption },
            certificates.Select(certificate => new CertificateLife(Own(certificate), 100, IsExpired: false, null, IsSuperseded: false))),
    ];
}
