using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SmimeGateway.Certificates.Trusting;
using SmimeGateway.Cms;
using SmimeGateway.Opening;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests.Opening;

public sealed class HarvestReaderTests
{
    private const string Bob = "bob@partner.example";

    private static readonly TrustStore Trust = new([TestPki.Root], [TestPki.Intermediate]);

    [Fact]
    public void The_authors_certificate_comes_with_what_he_announced()
    {
        var bob = TestPki.Issue(Bob);

        var harvested = Read(SomeSigned.Mail($"Bob <{Bob}>", bob)).ShouldHaveSingleItem();

        harvested.Address.ShouldBe(Bob);
        harvested.Certificate.Certificate.RawData.ShouldBe(bob.RawData);
        harvested.Certificate.Chain.Count.ShouldBe(2);
        harvested.Capabilities.ToArray().ShouldBe(SmimeCapabilities.ReadByAll.Encode());
        harvested.Signed.ShouldBe(TestPki.Now);
    }

    [Fact]
    public void The_certificate_the_author_prefers_is_taken()
    {
        var encryption = TestPki.EncryptionOnly(Bob);

        Read(SignedWith(encryption)).ShouldHaveSingleItem().Certificate.Certificate.RawData.ShouldBe(encryption.RawData);
    }

    [Fact]
    public void A_preferred_certificate_of_somebody_else_is_not_taken()
        => Read(SignedWith(TestPki.EncryptionOnly("mallory@partner.example"))).ShouldBeEmpty();

    [Fact]
    public void A_preferred_certificate_that_is_not_trusted_gives_way_to_the_signers_own()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=Bob", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(TestPki.MakeAlternativeName(Bob));
        var selfSigned = request.CreateSelfSigned(TestPki.NotBefore, TestPki.NotAfter);
        var signer = TestPki.Issue(Bob);

        Read(SomeSigned.Mail(Bob, signer, new SignerOptions { Chain = TestPki.Chain, EncryptionCertificate = selfSigned }))
            .ShouldHaveSingleItem().Certificate.Certificate.RawData.ShouldBe(signer.RawData);
    }

    [Fact]
    public void Nothing_comes_from_a_signature_that_is_wrong()
        => Read(SomeSigned.Mail(Bob, TestPki.Issue(Bob), spoil: cms => cms[^1] ^= 1)).ShouldBeEmpty();

    [Fact]
    public void Nothing_comes_from_a_signer_who_is_not_the_author()
        => Read(SomeSigned.Mail("carol@partner.example", TestPki.Issue(Bob))).ShouldBeEmpty();

    [Fact]
    public void Nothing_comes_from_two_authors()
        => Read(SomeSigned.Mail($"{Bob}, carol@partner.example", TestPki.Issue(Bob))).ShouldBeEmpty();

    [Fact]
    public void Nothing_comes_from_a_signer_who_is_not_trusted()
        => new HarvestReader(new TrustStore([], [])).Read(SomeSigned.Mail(Bob, TestPki.Issue(Bob)), TestPki.Now, (_, _, _, _) => false).ShouldBeEmpty();

    [Fact]
    public void Nothing_comes_from_a_certificate_that_expired()
        => Read(SomeSigned.Mail(Bob, TestPki.Expired(Bob))).ShouldBeEmpty();

    [Fact]
    public void Nothing_comes_from_a_certificate_that_signs_only()
        => Read(SomeSigned.Mail(Bob, TestPki.SigningOnly(Bob))).ShouldBeEmpty();

    [Fact]
    public void Nothing_comes_from_a_broken_digest()
    {
        var options = new SignerOptions { Chain = TestPki.Chain, Digest = HashAlgorithmName.SHA1 };

        Read(SomeSigned.Mail(Bob, TestPki.Issue(Bob), options)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("-365.00:00:00", false)]
    [InlineData("-7.00:00:01", false)]
    [InlineData("-7.00:00:00", true)]
    [InlineData("-00:00:01", true)]
    [InlineData("00:10:00", true)]
    [InlineData("00:10:01", false)]
    [InlineData("1825.00:00:00", false)]
    public void What_was_signed_long_ago_or_in_the_future_counts_for_nothing(string since, bool counts)
    {
        var signed = TestPki.Now + TimeSpan.Parse(since, CultureInfo.InvariantCulture);

        Read(SomeSigned.Mail(Bob, TestPki.Issue(Bob), signed: signed)).Select(harvested => harvested.Signed).ShouldBe(counts ? [signed] : []);
    }

    [Fact]
    public void Mail_without_a_signing_time_counts_for_nothing() => Read(SomeSigned.WithoutTime(Bob, TestPki.Issue(Bob))).ShouldBeEmpty();

    [Theory]
    [InlineData("3000", false)]
    [InlineData("300B300906072A864886F70D01", false)]
    [InlineData("300D300B06092A864886F70D010101", false)]
    [InlineData("300C300A06082A864886F70D0307", true)]
    [InlineData("300F300D060960864801650304012A0500", true)]
    public void A_list_that_names_no_cipher_is_no_announcement(string capabilities, bool isOne)
    {
        SmimeCapabilities.TryRead(Convert.FromHexString(capabilities), out var announced, out _);
        var options = new SignerOptions { Chain = TestPki.Chain, Capabilities = announced };

        Read(SomeSigned.Mail(Bob, TestPki.Issue(Bob), options)).ShouldHaveSingleItem().Capabilities.IsEmpty.ShouldBe(!isOne);
    }

    [Fact]
    public void What_is_known_is_not_proved_again()
    {
        var bob = TestPki.Issue(Bob);
        string? asked = null;

        new HarvestReader(Trust).Read(SomeSigned.Mail(Bob, bob), TestPki.Now, (address, certificate, capabilities, signed) =>
        {
            asked = $"{address} {certificate.Thumbprint} {capabilities.Length} {signed:O}";
            return true;
        }).ShouldBeEmpty();

        asked.ShouldBe($"{Bob} {bob.Thumbprint} {SmimeCapabilities.ReadByAll.Encode().Length} {TestPki.Now:O}");
    }

    [Theory]
    [InlineData("alice.dsig.SHA256.multipart.eml", true)]
    [InlineData("alice.sig.SHA256.opaque.eml", true)]
    [InlineData("alice.dsig.SHA256.multipart.bad.eml", false)]
    [InlineData("alice.env.eml", false)]
    public void Messages_that_Mozilla_signed_tell_their_authors(string message, bool isTold)
    {
        if (Corpora.Folder("thunderbird-smime") is not { } folder)
        {
            return;
        }

        var trust = TrustStore.Load([Path.Combine(folder, "TestCA.pem")], [], systemRoots: false, []);
        var mail = Corpora.ReadMail(Path.Combine(folder, message));
        var arrival = new Opener(trust, []).Open(mail, TestPki.Now).Layers.SelectMany(layer => layer.Signers).FirstOrDefault()?.SigningTime ?? TestPki.Now;

        var harvested = new HarvestReader(trust).Read(mail, arrival, (_, _, _, _) => false);

        harvested.Select(one => $"{one.Address} {one.Certificate.Traits.HasAddress("alice@example.com")}").ShouldBe(isTold ? ["Alice@example.com True"] : []);
    }

    private static byte[] SignedWith(X509Certificate2 preferred)
        => SomeSigned.Mail(Bob, TestPki.SigningOnly(Bob), new SignerOptions { Chain = TestPki.Chain, EncryptionCertificate = preferred });

    private static IReadOnlyList<HarvestedCertificate> Read(byte[] message) => new HarvestReader(Trust).Read(message, TestPki.Now, (_, _, _, _) => false);
}
