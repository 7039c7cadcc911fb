using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SmimeGateway.Cms.Algorithms;
using SmimeGateway.TestSupport;
using static SmimeGateway.Cms.Tests.OddSignedData;

namespace SmimeGateway.Cms.Tests;

public sealed class SignerInfoTests
{
    [Fact]
    public void An_ordinary_signature_is_good() => FaultOf(new OddSignedData()).ShouldBeNull();

    [Fact]
    public void A_signature_without_attributes_is_good() => FaultOf(new OddSignedData { Attributes = null }).ShouldBeNull();

    [Fact]
    public void Unsorted_attributes_that_were_signed_as_they_are_are_good()
    {
        var attributes = RightAttributes();

        FaultOf(new OddSignedData { Attributes = Set([.. attributes.Reverse()]) }).ShouldBeNull();
    }

    [Fact]
    public void Unsorted_attributes_whose_DER_was_signed_are_good()
    {
        var attributes = RightAttributes();

        FaultOf(new OddSignedData { Attributes = Set([.. attributes.Reverse()]), Signed = SortedSet(attributes) }).ShouldBeNull();
    }

    [Fact]
    public void Attributes_of_indefinite_length_whose_DER_was_signed_are_good()
    {
        var attributes = RightAttributes();
        byte[] indefinite = [0x31, 0x80, .. attributes.SelectMany(attribute => attribute), 0, 0];

        FaultOf(new OddSignedData { Attributes = indefinite, Signed = SortedSet(attributes) }).ShouldBeNull();
    }

    [Fact]
    public void Other_signed_bytes_are_a_signature_mismatch() =>
        KindOf(new OddSignedData { Signed = [1, 2, 3] }).ShouldBe(CmsFaultKind.SignatureMismatch);

    [Fact]
    public void Other_content_is_a_digest_mismatch() =>
        KindOf(new OddSignedData { Content = [1, 2, 3] }).ShouldBe(CmsFaultKind.DigestMismatch);

    [Fact]
    public void Another_content_type_than_the_signed_one_is_a_mismatch() =>
        KindOf(new OddSignedData { Attributes = Set(RightAttributes(Oids.EnvelopedData)) }).ShouldBe(CmsFaultKind.ContentTypeMismatch);

    [Fact]
    public void Content_that_is_no_mail_must_have_attributes() =>
        KindOf(new OddSignedData { Attributes = null, ContentType = Oids.EnvelopedData }).ShouldBe(CmsFaultKind.AttributeInvalid);

    [Fact]
    public void Attributes_of_another_signature_cannot_be_passed_off_as_content() =>
        KindOf(new OddSignedData { Attributes = null, Content = SortedSet(RightAttributes()) }).ShouldBe(CmsFaultKind.AttributeInvalid);

    [Fact]
    public void Content_that_merely_begins_like_attributes_is_good() =>
        FaultOf(new OddSignedData { Attributes = null, Content = "1 apple\r\n"u8.ToArray() }).ShouldBeNull();

    [Fact]
    public void A_repeated_attribute_is_invalid() =>
        KindOf(new OddSignedData { Attributes = Set([.. RightAttributes(), RightAttributes()[1]]) }).ShouldBe(CmsFaultKind.AttributeInvalid);

    [Theory]
    [InlineData("")]
    [InlineData("0500")]
    [InlineData("170D3236313132303132303030305A170D3236313132303132303030305A")]
    public void A_signing_time_that_is_none_is_invalid(string hex)
    {
        var time = hex.Length == 0 ? Attribute(Oids.SigningTime) : Attribute(Oids.SigningTime, Split(Convert.FromHexString(hex)));

        KindOf(new OddSignedData { Attributes = Set([.. RightAttributes(), time]) }).ShouldBe(CmsFaultKind.AttributeInvalid);
    }

    [Theory]
    [InlineData(Oids.SigningCertificateV2, true)]
    [InlineData(Oids.SigningCertificate, false)]
    public void The_signing_certificate_must_be_the_signers(string oid, bool isVersion2)
    {
        var own = SigningCertificate(oid, Some.Certificate, isVersion2);
        var other = SigningCertificate(oid, TestPki.Issue("bob@example.com"), isVersion2);

        FaultOf(new OddSignedData { Attributes = Set([.. RightAttributes(), own]) }).ShouldBeNull();
        KindOf(new OddSignedData { Attributes = Set([.. RightAttributes(), other]) }).ShouldBe(CmsFaultKind.SigningCertificateMismatch);
    }

    [Fact]
    public void A_signing_certificate_that_is_none_is_invalid() =>
        KindOf(new OddSignedData { Attributes = Set([.. RightAttributes(), Attribute(Oids.SigningCertificateV2, [5, 0])]) })
            .ShouldBe(CmsFaultKind.AttributeInvalid);

    [Theory]
    [InlineData(Oids.Sha512WithRsa, CmsFaultKind.AlgorithmMismatch)]
    [InlineData(Oids.EcdsaWithSha256, CmsFaultKind.AlgorithmMismatch)]
    [InlineData("2.16.840.1.101.3.4.3.20", CmsFaultKind.UnsupportedAlgorithm)]
    [InlineData("1.2.3", CmsFaultKind.UnsupportedAlgorithm)]
    public void An_algorithm_that_does_not_fit_is_a_fault(string oid, CmsFaultKind expected) =>
        KindOf(new OddSignedData { SignatureAlgorithm = Algorithm(oid) }).ShouldBe(expected);

    [Fact]
    public void A_digest_that_does_not_go_with_the_algorithm_is_a_fault() =>
        KindOf(new OddSignedData { SignatureAlgorithm = SignatureAlgorithm.EncodeBare(Oids.Ed25519) }).ShouldBe(CmsFaultKind.AlgorithmMismatch);

    [Theory]
    [InlineData("3000", CmsFaultKind.AlgorithmMismatch)]
    [InlineData("3034A00F300D06096086480165030402010500A11C301A06092A864886F70D010108300D06096086480165030402010500A203020114", CmsFaultKind.SignatureMismatch)]
    [InlineData("300FA00D300B0609608648016503040201", CmsFaultKind.SignatureMismatch)]
    public void PSS_parameters_of_another_signature_are_a_fault(string parameters, CmsFaultKind expected) =>
        KindOf(new OddSignedData { SignatureAlgorithm = Algorithm(Oids.RsaPss, Convert.FromHexString(parameters)) }).ShouldBe(expected);

    [Fact]
    public void An_unknown_digest_is_named_by_its_number()
    {
        var signedData = Some.Read(new OddSignedData { DigestOid = "1.2.840.113549.2.4" }.Make());

        signedData.Signers[0].DigestName.ShouldBe("1.2.840.113549.2.4");
        signedData.Verify()!.Kind.ShouldBe(CmsFaultKind.UnsupportedAlgorithm);
    }

    [Fact]
    public void A_malformed_key_identifier_names_nobody()
    {
        var request = new CertificateRequest("CN=broken", (RSA)TestKeys.Get(KeyKind.Rsa2048), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509Extension(Oids.SubjectKeyIdentifier, [5, 0], critical: false));
        var broken = request.CreateSelfSigned(TestPki.NotBefore, TestPki.NotAfter);

        CertificateIdentifier.OfKey(new byte[] { 1 }).Names(broken).ShouldBeFalse();
    }

    [Fact]
    public void Weak_digests_are_reported()
    {
        using var signer = Some.Signer(new SignerOptions { Digest = HashAlgorithmName.SHA1 });

        var read = Some.Read(signer.SignDetached(Some.ContentSequence, Some.Time)).Signers[0];

        (read.DigestName, read.IsDigestWeak, read.SignatureAlgorithmName).ShouldBe(("SHA-1", true, "RSA PKCS#1 v1.5"));
        read.Verify(Some.ContentSequence).ShouldBeNull();
    }

    private static byte[] SigningCertificate(string oid, X509Certificate2 certificate, bool isVersion2) =>
        Attribute(oid, Encode(writer =>
        {
            using (writer.PushSequence())
            using (writer.PushSequence())
            using (writer.PushSequence())
            {
                writer.WriteOctetString(CryptographicOperations.HashData(isVersion2 ? HashAlgorithmName.SHA256 : HashAlgorithmName.SHA1, certificate.RawData));
            }
        }));

    private static byte[][] Split(byte[] values) =>
        values.Length > 15 ? [values[..15], values[15..]] : [values];

    private static CmsFault? FaultOf(OddSignedData odd) => Some.Read(odd.Make()).Verify();

    private static CmsFaultKind? KindOf(OddSignedData odd) => FaultOf(odd)?.Kind;
}
