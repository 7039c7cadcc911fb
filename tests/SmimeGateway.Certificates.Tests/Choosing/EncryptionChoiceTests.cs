using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SmimeGateway.Certificates.Choosing;
using SmimeGateway.Certificates.Trusting;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Certificates.Tests.Choosing;

public sealed class EncryptionChoiceTests
{
    private const string Bob = "bob@example.net";

    private static readonly TrustStore Trust = new([TestPki.Root], [TestPki.Intermediate]);

    [Fact]
    public void All_usable_certificates_are_taken_one_for_encryption_alone_first_then_the_one_valid_longest()
    {
        var shorter = Partner.Of(TestPki.Issue(Bob, notAfter: TestPki.Now.AddYears(1)));
        var longer = Partner.Of(TestPki.Issue(Bob, KeyKind.EcP384, notAfter: TestPki.Now.AddYears(2)));
        var meantForIt = Partner.Of(TestPki.Issue(Bob, usage: TestUsage.EncryptionOnly, notAfter: TestPki.Now.AddDays(1)));

        EncryptionChoice.Choose(Bob, [shorter, longer, meantForIt], Trust, TestPki.Now).Chosen.ShouldBe([meantForIt, longer, shorter]);
        EncryptionChoice.Choose(Bob, [longer, meantForIt, shorter], Trust, TestPki.Now).Chosen.ShouldBe([meantForIt, longer, shorter]);
    }

    [Fact]
    public void An_expired_certificate_beside_a_valid_one_never_blocks()
    {
        var expired = Partner.Of(TestPki.Expired(Bob));
        var valid = Partner.Of(TestPki.Issue(Bob));

        var choice = EncryptionChoice.Choose(Bob, [expired, valid], Trust, TestPki.Now);

        choice.Chosen.ShouldHaveSingleItem().ShouldBe(valid);
        choice.Refusals.ShouldHaveSingleItem().Reason.ShouldBe("it expired on 2025-01-01");
        choice.Reason.ShouldStartWith("bob@example.net has ");
    }

    [Fact]
    public void Every_refusal_has_its_reason()
    {
        PartnerCertificate[] candidates =
        [
            Partner.Of(TestPki.Issue("carol@example.net")),
            Partner.Of(TestPki.NotYetValid(Bob)),
            Partner.Of(TestPki.SigningOnly(Bob)),
            Partner.Of(TestPki.SigningOnly(Bob, KeyKind.EcP256)),
            Partner.Of(TestPki.WrongUsage(Bob)),
            Partner.Of(SelfSigned(ECDsa.Create(ECCurve.CreateFromFriendlyName("secp256k1")))),
            Partner.Of(SelfSigned(RSA.Create(2048))),
        ];

        var choice = EncryptionChoice.Choose(Bob, candidates, Trust, TestPki.Now);

        choice.Chosen.ShouldBeEmpty();
        choice.Refusals.Select(refusal => refusal.Reason).ShouldBe([
            "it does not name bob@example.net",
            "it is valid only from 2045-01-01",
            "its key usage or extended key usage does not allow mail to be encrypted to it",
            "its key usage or extended key usage does not allow mail to be encrypted to it",
            "its key usage or extended key usage does not allow mail to be encrypted to it",
            "its key algorithm is not supported: ECDSA 1.3.132.0.10",
            "it is not trusted: CN=Bob: it is a root that is not trusted (add it to certificates.trust.roots, or write \"accept\": \"all\" for a folder of certificates that you vouch for)",
        ]);
        choice.Refusals.Select(refusal => refusal.Certificate).ShouldBe(candidates);
        choice.Reason.ShouldStartWith("no certificate is usable: ");
    }

    [Fact]
    public void A_certificate_that_somebody_vouches_for_needs_no_chain()
    {
        var vouched = Partner.Of(SelfSigned(RSA.Create(2048))) with { IsVouchedFor = true };

        EncryptionChoice.Choose(Bob, [vouched], Trust, TestPki.Now).Chosen.ShouldBe([vouched]);
    }

    [Fact]
    public void A_short_key_is_used_but_told()
    {
        var weak = Partner.Of(SelfSigned(RSA.Create(1024))) with { IsVouchedFor = true };

        var choice = EncryptionChoice.Choose(Bob, [weak], Trust, TestPki.Now);

        choice.Chosen.Count.ShouldBe(1);
        choice.Reason.ShouldEndWith(", whose RSA 1024 key is weak");
    }

    [Fact]
    public void Companions_complete_a_chain()
    {
        var rootsAlone = new TrustStore([TestPki.Root], []);
        var alone = Partner.Of(TestPki.Issue(Bob));
        var accompanied = alone with { Companions = TestPki.Chain };

        EncryptionChoice.Choose(Bob, [alone], rootsAlone, TestPki.Now).Refusals.ShouldHaveSingleItem().Reason.ShouldMatch("its issuer CN=[^:]* is not known$");
        EncryptionChoice.Choose(Bob, [accompanied], rootsAlone, TestPki.Now).Chosen.ShouldHaveSingleItem();
    }

    [Fact]
    public void The_same_certificate_from_two_places_is_taken_once_with_the_capabilities_that_are_known()
    {
        var certificate = TestPki.Issue(Bob);
        var inFolder = Partner.Of(certificate, "folder/bob.cer");
        var seen = Partner.Of(certificate, "seen") with { Capabilities = new byte[] { 0x30, 0x00 } };

        var choice = EncryptionChoice.Choose(Bob, [inFolder, seen], Trust, TestPki.Now);

        var chosen = choice.Chosen.ShouldHaveSingleItem();
        chosen.Location.ShouldBe("folder/bob.cer");
        chosen.Capabilities.ToArray().ShouldBe([0x30, 0x00]);
        choice.Refusals.ShouldHaveSingleItem().Reason.ShouldBe("it is the same certificate as in folder/bob.cer");
    }

    [Theory]
    [InlineData("nobody", "nobody is no plausible mailbox")]
    [InlineData("dave@example.net", "no certificate names dave@example.net")]
    public void Without_candidates_the_reason_says_so(string address, string reason)
        => EncryptionChoice.Choose(address, [], Trust, TestPki.Now).Reason.ShouldBe(reason);

    [Fact]
    public void A_verdict_is_remembered_and_formed_anew_when_the_chain_ends()
    {
        var trust = new TrustStore([TestPki.Root], [TestPki.Intermediate]);
        var bob = Partner.Of(TestPki.Issue(Bob, notAfter: TestPki.Now.AddSeconds(30)));
        var verdict = trust.JudgeOrRemember(bob.Certificate, [], TestPki.Now);

        trust.JudgeOrRemember(bob.Certificate, [], TestPki.Now.AddSeconds(29)).ShouldBeSameAs(verdict);
        trust.JudgeOrRemember(bob.Certificate, [], TestPki.Now.AddSeconds(31)).IsTrusted.ShouldBeFalse();
    }

    [Fact]
    public void A_verdict_is_formed_anew_after_a_minute_with_other_companions_and_when_the_clock_was_set_back()
    {
        var trust = new TrustStore([TestPki.Root], []);
        var bob = Partner.Of(TestPki.Issue(Bob)).Certificate;
        var alone = trust.JudgeOrRemember(bob, [], TestPki.Now);

        trust.JudgeOrRemember(bob, [], TestPki.Now.AddSeconds(59)).ShouldBeSameAs(alone);
        trust.JudgeOrRemember(bob, [], TestPki.Now.AddSeconds(-1)).ShouldNotBeSameAs(alone);
        trust.JudgeOrRemember(bob, TestPki.Chain, TestPki.Now).IsTrusted.ShouldBeTrue();
        var now = trust.JudgeOrRemember(bob, [], TestPki.Now);
        trust.JudgeOrRemember(bob, [], TestPki.Now.AddSeconds(61)).ShouldNotBeSameAs(now);
    }

    [Fact]
    public void A_verdict_is_never_given_to_another_certificate_of_the_same_issuer_and_serial_number()
    {
        var trust = new TrustStore([TestPki.Root], [TestPki.Intermediate]);
        var good = TestPki.Public(TestPki.Issue(Bob));
        using var key = RSA.Create(2048);
        var forged = new CertificateRequest("CN=Forged", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).Create(
            good.IssuerName, X509SignatureGenerator.CreateForRSA(key, RSASignaturePadding.Pkcs1), TestPki.NotBefore, TestPki.NotAfter,
            good.SerialNumberBytes.Span);
        forged.ShouldBe(good);

        trust.JudgeOrRemember(good, [], TestPki.Now).IsTrusted.ShouldBeTrue();
        trust.JudgeOrRemember(forged, [], TestPki.Now).IsTrusted.ShouldBeFalse();
    }

    private static X509Certificate2 SelfSigned(AsymmetricAlgorithm key)
    {
        var request = key is RSA rsa
            ? new CertificateRequest("CN=Bob", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : new CertificateRequest("CN=Bob", (ECDsa)key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(TestPki.MakeAlternativeName(Bob));
        return request.CreateSelfSigned(TestPki.NotBefore, TestPki.NotAfter);
    }
}
