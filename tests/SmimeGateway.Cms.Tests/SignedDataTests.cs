using System.Buffers;
using System.Security.Cryptography;
using static SmimeGateway.Cms.Tests.OddSignedData;

namespace SmimeGateway.Cms.Tests;

public sealed class SignedDataTests
{
    [Fact]
    public void Content_in_one_piece_stays_where_it_is()
    {
        var cms = new OddSignedData().Make();

        Some.Read(cms).Content!.Value.FirstSpan.Overlaps(cms).ShouldBeTrue();
    }

    [Fact]
    public void Content_beside_the_object_must_equal_the_one_inside()
    {
        var signedData = Some.Read(new OddSignedData().Make());

        signedData.Verify(Sequences.Cut(Some.Content, 5)).ShouldBeNull();
        signedData.Verify(new ReadOnlySequence<byte>(Some.Content.AsMemory(1)))!.Kind.ShouldBe(CmsFaultKind.ContentMismatch);
        signedData.Verify(new ReadOnlySequence<byte>(new byte[Some.Content.Length]))!.Kind.ShouldBe(CmsFaultKind.ContentMismatch);
    }

    [Fact]
    public void Content_must_be_somewhere()
    {
        using var signer = Some.Signer();
        var cms = signer.SignDetached(Some.ContentSequence, Some.Time);

        Some.Read(cms).Verify()!.Kind.ShouldBe(CmsFaultKind.ContentMissing);
    }

    [Fact]
    public void An_object_without_signers_proves_nothing() =>
        Some.Read(new OddSignedData { Signers = 0 }.Make()).Verify()!.Kind.ShouldBe(CmsFaultKind.NoSigner);

    [Fact]
    public void Many_signers_are_a_fault() =>
        Some.ReadFault(new OddSignedData { Signers = 33 }.Make()).Kind.ShouldBe(CmsFaultKind.LimitExceeded);

    [Fact]
    public void Many_certificates_are_a_fault() =>
        Some.ReadFault(new OddSignedData { Certificates = 1001 }.Make()).Kind.ShouldBe(CmsFaultKind.LimitExceeded);

    [Fact]
    public void Many_attributes_are_a_fault()
    {
        var attributes = Enumerable.Repeat(Attribute("1.2.3"), 101).ToArray();

        Some.ReadFault(new OddSignedData { Attributes = Set(attributes) }.Make()).Kind.ShouldBe(CmsFaultKind.LimitExceeded);
    }

    [Fact]
    public void Large_attributes_are_a_fault()
    {
        var large = Attribute("1.2.3", Encode(writer => writer.WriteOctetString(new byte[2000])));
        var cms = new OddSignedData { Attributes = Set([.. RightAttributes(), large]) }.Make();

        SignedData.TryRead(cms, new CmsLimits(MaxAttributeBytes: 1000), out _, out var fault).ShouldBeFalse();

        fault!.Kind.ShouldBe(CmsFaultKind.LimitExceeded);
    }

    [Fact]
    public void A_large_certificate_is_a_fault()
    {
        SignedData.TryRead(new OddSignedData().Make(), new CmsLimits(MaxCertificateBytes: 100), out _, out var fault).ShouldBeFalse();

        fault!.Kind.ShouldBe(CmsFaultKind.LimitExceeded);
    }

    [Fact]
    public void Deeply_nested_attributes_that_must_be_rewritten_are_a_fault()
    {
        byte[] nested = [0x30, 0];
        for (var depth = 0; depth < 40; depth++)
        {
            nested = [0x30, (byte)nested.Length, .. nested];
        }

        var odd = new OddSignedData { Attributes = Set([.. RightAttributes(), Attribute("1.2.3", nested)]), Signed = [1] };

        Some.Read(odd.Make()).Verify()!.Kind.ShouldBe(CmsFaultKind.LimitExceeded);
    }

    [Fact]
    public void Every_truncation_is_malformed()
    {
        var cms = new OddSignedData().Make();

        Enumerable.Range(0, cms.Length).ShouldAllBe(length => Some.ReadFault(cms.AsMemory(0, length)).Kind == CmsFaultKind.Malformed);
    }

    [Fact]
    public void Bytes_after_the_object_are_not_part_of_it()
    {
        var cms = new OddSignedData().Make();

        var signedData = Some.Read((byte[])[.. cms, 13, 10]);

        signedData.EncodedLength.ShouldBe(cms.Length);
        signedData.Verify().ShouldBeNull();
    }

    [Fact]
    public void A_certificate_that_cannot_be_read_is_passed_over()
    {
        var cms = new OddSignedData().Make();
        var at = cms.AsSpan().IndexOf(Some.Certificate.RawDataMemory.Span);
        RandomNumberGenerator.Fill(cms.AsSpan(at + 4, 600));

        var signedData = Some.Read(cms);

        signedData.Certificates.ShouldBeEmpty();
        signedData.Verify()!.Kind.ShouldBe(CmsFaultKind.SignerCertificateMissing);
    }
}
