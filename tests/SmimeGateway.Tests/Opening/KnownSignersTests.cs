using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using SmimeGateway.Certificates;
using SmimeGateway.Certificates.Trusting;
using SmimeGateway.Cms;
using SmimeGateway.Locating;
using SmimeGateway.Opening;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests.Opening;

/// <summary>Mail that does not carry the certificate of its signer.</summary>
public sealed class KnownSignersTests : IDisposable
{
    private const string Bob = "bob@partner.example";

    private static readonly TrustStore Trust = new([TestPki.Root], []);
    private static readonly X509Certificate2 Certificate = TestPki.Issue(Bob);

    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _time = new(TestPki.Now);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(SubjectIdentifierType.IssuerAndSerialNumber)]
    [InlineData(SubjectIdentifierType.SubjectKeyIdentifier)]
    public void Its_signature_is_good_with_the_certificate_that_a_source_has(SubjectIdentifierType naming)
    {
        var signer = Judge(Bare(Certificate, naming), Held(Certificate, "bob.cer"));

        signer.Doubts.ShouldBeEmpty();
        signer.FoundIn.ShouldBe("bob.cer");
        signer.Addresses.ShouldBe([Bob]);
    }

    [Fact]
    public void Where_no_source_has_it_nobody_can_tell()
    {
        var signer = Judge(Bare(Certificate), Held(TestPki.Issue(Bob), "another.cer"));

        signer.Doubts.ShouldContain("the message does not carry the signer's certificate, and no source has it");
        (signer.IsVerifiable, signer.FoundIn).ShouldBe((false, null));
    }

    [Fact]
    public void That_a_source_has_it_makes_nobody_trusted()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=Bob", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(TestPki.MakeAlternativeName(Bob));
        var selfSigned = request.CreateSelfSigned(TestPki.NotBefore, TestPki.NotAfter);

        Judge(Bare(selfSigned), Held(selfSigned, "bob.cer")).TrustFaults.ShouldNotBeEmpty();
        Judge(Bare(Certificate), Held(Certificate, "bob.cer") with { Companions = [] }).TrustFaults.ShouldNotBeEmpty();
    }

    [Fact]
    public void Somebody_elses_certificate_is_judged_like_one_that_came_along()
    {
        var carol = TestPki.Issue("carol@partner.example");

        Judge(Bare(carol), Held(carol, "carol.cer")).AuthorFault.ShouldNotBeNull();
        Judge(Bare(Certificate, spoil: true), Held(Certificate, "bob.cer")).IsWrong.ShouldBeTrue();
    }

    [Fact]
    public void Of_several_with_one_key_the_valid_one_of_the_author_is_taken()
    {
        var expired = TestPki.Issue(Bob, notAfter: TestPki.Now.AddDays(-1));

        var signer = Judge(
            Bare(Certificate, SubjectIdentifierType.SubjectKeyIdentifier),
            Held(expired, "expired.cer"), Held(TestPki.Issue("carol@partner.example"), "carol.cer"), Held(Certificate, "bob.cer"));

        signer.Doubts.ShouldBeEmpty();
        signer.FoundIn.ShouldBe("bob.cer");
    }

    [Theory]
    [InlineData("partners")]
    [InlineData("own")]
    [InlineData("seen")]
    public async Task Own_certificates_those_of_folders_and_those_of_signed_mail_are_looked_up(string place)
    {
        Directory.CreateDirectory(_folder["own"]);
        Directory.CreateDirectory(_folder["partners"]);
        if (place == "own")
        {
            TestPki.WritePem(_folder["own/bob.pem"], Certificate, password: null, TestPki.Chain);
        }
        else if (place == "partners")
        {
            File.WriteAllText(_folder["partners/bob.pem"], TestPki.MakeCertificatePem([TestPki.Public(Certificate), .. TestPki.Chain]));
        }

        await using var own = OwnSources.Open([new() { Name = "own", Folder = _folder["own"] }], previous: null, _time);
        await using var partners = OpenPartners(own);
        if (place == "seen")
        {
            partners.Seen[0].Keep(Bob, TestPki.Public(Certificate), TestPki.Chain, default, TestPki.Now);
        }

        var opened = new Opener(Trust, [], KnownSigners.In(own, partners)).Open(Bare(Certificate), TestPki.Now);

        opened.Doubts.ShouldBeEmpty();
        opened.Layers[0].Signers[0].FoundIn.ShouldNotBeNull().ShouldStartWith(_folder[place]);
    }

    [Fact]
    public async Task What_such_mail_announces_is_kept_with_the_certificate_of_the_folder()
    {
        File.WriteAllText(_folder["roots.pem"], TestPki.MakeCertificatePem(TestPki.Root));
        Directory.CreateDirectory(_folder["partners"]);
        File.WriteAllText(_folder["partners/bob.pem"], TestPki.MakeCertificatePem([TestPki.Public(Certificate), .. TestPki.Chain]));
        await using var own = OwnSources.Open([], previous: null, _time);
        await using var partners = OpenPartners(own);

        var kept = new HarvestReader(Trust, partners.AtHand).Read(Bare(Certificate), TestPki.Now, (_, _, _, _) => false).ShouldHaveSingleItem();

        kept.Certificate.Certificate.RawData.ShouldBe(Certificate.RawData);
        kept.Capabilities.ToArray().ShouldBe(SmimeCapabilities.ReadByAll.Encode());
        new HarvestReader(Trust).Read(Bare(Certificate), TestPki.Now, (_, _, _, _) => false).ShouldBeEmpty();
        partners.AtHand("carol@partner.example").ShouldBeEmpty();
    }

    private static SignerVerdict Judge(byte[] message, params PartnerCertificate[] held) =>
        new Opener(Trust, [], new KnownSigners(held)).Open(message, TestPki.Now).Layers.ShouldHaveSingleItem().Signers.ShouldHaveSingleItem();

    private static PartnerCertificate Held(X509Certificate2 certificate, string place) =>
        PartnerCertificate.Of("folder", place, TestPki.Public(certificate)) with { Companions = TestPki.Chain };

    private static byte[] Bare(X509Certificate2 signer, SubjectIdentifierType naming = SubjectIdentifierType.IssuerAndSerialNumber, bool spoil = false) =>
        SomeSigned.WithoutCertificate(Bob, signer, naming, TestPki.Now, spoil);

    private PartnerSources OpenPartners(OwnSources own) => PartnerSources.Open(
        new CertificateOptions
        {
            Partners = [new() { Name = "folder", Folder = Directory.CreateDirectory(_folder["partners"]).FullName }, new() { Name = "seen", Harvested = new HarvestOptions() }],
        },
        own,
        _folder.Path,
        previous: null,
        _time);
}
