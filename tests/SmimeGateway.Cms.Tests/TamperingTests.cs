using System.Buffers;
using FsCheck;
using FsCheck.Fluent;

namespace SmimeGateway.Cms.Tests;

public sealed class TamperingTests
{
    private static readonly Signer Signer = Some.Signer();

    [Fact]
    public void Whatever_is_signed_verifies() => Check.QuickThrowOnFailure(Prop.ForAll((byte[] content) =>
    {
        var sequence = new ReadOnlySequence<byte>(content);
        return Some.Read(Signer.SignDetached(sequence, Some.Time)).Verify(sequence) is null
            && Some.Read(Signer.SignEncapsulated(sequence, Some.Time).ToArray()).Verify() is null;
    }));

    [Fact]
    public void Any_flipped_bit_of_the_content_is_detected() => Check.QuickThrowOnFailure(Prop.ForAll((byte[] content, uint position) =>
    {
        if (content.Length == 0)
        {
            return true;
        }

        var cms = Signer.SignDetached(new ReadOnlySequence<byte>(content), Some.Time);
        var changed = Flip(content, (int)(position % (content.Length * 8u)));
        return Some.Read(cms).Verify(new ReadOnlySequence<byte>(changed))?.Kind == CmsFaultKind.DigestMismatch;
    }));

    [Fact]
    public void Any_flipped_bit_of_a_clear_signature_is_detected_but_in_fields_that_mean_nothing()
    {
        var cms = Signer.SignDetached(Some.ContentSequence, Some.Time);

        // Every fifth bit visits every byte, and in it every place in turn.
        var bits = Enumerable.Range(0, cms.Length * 8).Where(bit => bit % 5 == 0);
        var undetected = bits.Where(bit => Verifies(Flip(cms, bit))).Select(bit => bit / 8).Distinct();

        undetected.ShouldAllBe(at => IsMeaningless(cms, at));

        static bool Verifies(byte[] changed) =>
            SignedData.TryRead(changed, out var signedData, out _) && signedData.Verify(Some.ContentSequence) is null;
    }

    [Fact]
    public void Any_flipped_bit_of_an_enclosed_certificate_is_detected_before_the_message_leaves()
    {
        using var signer = Some.Signer(new SignerOptions { Chain = TestSupport.TestPki.Chain });
        var cms = signer.SignDetached(Some.ContentSequence, Some.Time);

        foreach (var certificate in TestSupport.TestPki.Chain.Append(Some.Certificate))
        {
            var at = cms.AsSpan().IndexOf(certificate.RawDataMemory.Span);
            for (var bit = at * 8; bit < (at + certificate.RawDataMemory.Length) * 8; bit += 101)
            {
                signer.VerifyOwn(Flip(cms, bit), Some.ContentSequence).ShouldNotBeNull();
            }
        }
    }

    private static byte[] Flip(byte[] bytes, int bit)
    {
        var changed = bytes.ToArray();
        changed[bit / 8] ^= (byte)(1 << (bit % 8));
        return changed;
    }

    private static bool IsMeaningless(byte[] cms, int at)
    {
        var certificate = Some.Certificate.RawDataMemory.Span;
        var beginOfCertificate = cms.AsSpan().IndexOf(certificate);
        var endOfCertificate = beginOfCertificate + certificate.Length;
        var issuer = Some.Certificate.IssuerName.RawData;
        var endOfIssuer = endOfCertificate + cms.AsSpan(endOfCertificate).IndexOf(issuer) + issuer.Length;

        // The version and the list of digests at the beginning repeat what the signer says; the signer's version follows from its
        // fields; upper and lower case are equal in the name of the issuer; the algorithm of the signature has empty parameters.
        const int EmptyParametersAndSignature = 2 + 4 + 256;
        return at < beginOfCertificate
            || (at >= endOfCertificate && at < endOfIssuer)
            || at == cms.Length - EmptyParametersAndSignature
            || at == cms.Length - EmptyParametersAndSignature + 1;
    }
}
