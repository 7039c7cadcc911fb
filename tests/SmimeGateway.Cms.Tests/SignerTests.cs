using System.Buffers;
using System.Security.Cryptography;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Cms.Tests;

public sealed class SignerTests
{
    [Fact]
    public void What_is_signed_verifies_as_own()
    {
        using var signer = Some.Signer();

        var cms = signer.SignDetached(Some.ContentSequence, Some.Time);

        signer.VerifyOwn(cms, Some.ContentSequence).ShouldBeNull();
    }

    [Fact]
    public void What_is_enclosed_verifies_as_own()
    {
        using var signer = Some.Signer();

        var cms = signer.SignEncapsulated(Some.ContentSequence, Some.Time).ToArray();

        signer.VerifyOwnEncapsulated(cms, Some.ContentSequence).ShouldBeNull();
    }

    [Fact]
    public void Enclosed_content_is_the_callers_memory()
    {
        using var signer = Some.Signer();

        var pieces = signer.SignEncapsulated(Some.ContentSequence, Some.Time);

        var middle = Pieces(pieces)[1];
        middle.Span.Overlaps(Some.Content, out var offset).ShouldBeTrue();
        (offset, middle.Length).ShouldBe((0, Some.Content.Length));
    }

    [Fact]
    public void Content_in_pieces_is_signed_like_content_in_one()
    {
        using var signer = Some.Signer();
        var pieces = Sequences.Cut(Some.Content, 7);

        var cms = signer.SignDetached(pieces, Some.Time);

        cms.ShouldBe(signer.SignDetached(Some.ContentSequence, Some.Time));
        signer.VerifyOwn(cms, pieces).ShouldBeNull();
        signer.VerifyOwnEncapsulated(signer.SignEncapsulated(pieces, Some.Time).ToArray(), pieces).ShouldBeNull();
    }

    [Fact]
    public void Empty_content_is_signed()
    {
        using var signer = Some.Signer();

        var cms = signer.SignEncapsulated(ReadOnlySequence<byte>.Empty, Some.Time).ToArray();

        signer.VerifyOwnEncapsulated(cms, ReadOnlySequence<byte>.Empty).ShouldBeNull();
        Some.Read(cms).Content!.Value.Length.ShouldBe(0);
    }

    [Theory]
    [InlineData("SHA1", "sha-1", true)]
    [InlineData("SHA256", "sha-256", false)]
    [InlineData("SHA384", "sha-384", false)]
    [InlineData("SHA512", "sha-512", false)]
    public void Micalg_names_the_digest_as_RFC_8551_does(string digest, string micAlg, bool weak)
    {
        using var signer = Some.Signer(new SignerOptions { Digest = new HashAlgorithmName(digest) });

        signer.MicAlg.ShouldBe(micAlg);
        signer.IsDigestWeak.ShouldBe(weak);
    }

    [Fact]
    public void MD5_is_not_signed_with() =>
        Should.Throw<ArgumentException>(() => Some.Signer(new SignerOptions { Digest = HashAlgorithmName.MD5 }));

    [Fact]
    public void A_certificate_without_its_key_cannot_sign() =>
        Should.Throw<ArgumentException>(() => new Signer(TestPki.Public(Some.Certificate), new SignerOptions()));

    [Fact]
    public void Another_signers_message_is_not_taken_for_own()
    {
        using var signer = Some.Signer();
        using var other = new Signer(TestPki.Issue("bob@example.com"), new SignerOptions());

        var fault = signer.VerifyOwn(other.SignDetached(Some.ContentSequence, Some.Time), Some.ContentSequence);

        fault!.Kind.ShouldBe(CmsFaultKind.SignerCertificateMissing);
    }

    [Fact]
    public void Bytes_after_the_own_signature_are_noticed()
    {
        using var signer = Some.Signer();
        byte[] cms = [.. signer.SignDetached(Some.ContentSequence, Some.Time), 0];

        signer.VerifyOwn(cms, Some.ContentSequence)!.Kind.ShouldBe(CmsFaultKind.Malformed);
    }

    [Fact]
    public void The_wrong_form_is_noticed()
    {
        using var signer = Some.Signer();
        var detached = signer.SignDetached(Some.ContentSequence, Some.Time);
        var enclosed = signer.SignEncapsulated(Some.ContentSequence, Some.Time).ToArray();

        signer.VerifyOwnEncapsulated(detached, Some.ContentSequence)!.Kind.ShouldBe(CmsFaultKind.ContentMismatch);
        signer.VerifyOwn(enclosed, Some.ContentSequence)!.Kind.ShouldBe(CmsFaultKind.ContentMismatch);
    }

    [Fact]
    public void Enclosing_other_content_than_expected_is_noticed()
    {
        using var signer = Some.Signer();
        var cms = signer.SignEncapsulated(Some.ContentSequence, Some.Time).ToArray();
        var shorter = Some.ContentSequence.Slice(1);

        signer.VerifyOwnEncapsulated(cms, shorter)!.Kind.ShouldBe(CmsFaultKind.ContentMismatch);
    }

    [Theory]
    [InlineData(KeyKind.Rsa2048)]
    [InlineData(KeyKind.EcP256)]
    public void Many_threads_sign_with_one_signer(KeyKind key)
    {
        using var signer = new Signer(TestPki.Issue("alice@example.com", key), new SignerOptions());
        var contents = Enumerable.Range(0, 200).Select(number => new ReadOnlySequence<byte>(BitConverter.GetBytes(number))).ToArray();
        var faults = new CmsFault?[contents.Length];

        Parallel.For(0, contents.Length, new ParallelOptions { MaxDegreeOfParallelism = 8 }, at =>
            faults[at] = signer.VerifyOwn(signer.SignDetached(contents[at], Some.Time), contents[at]));

        faults.ShouldAllBe(fault => fault == null);
    }

    private static List<ReadOnlyMemory<byte>> Pieces(in ReadOnlySequence<byte> sequence)
    {
        var pieces = new List<ReadOnlyMemory<byte>>();
        foreach (var piece in sequence)
        {
            pieces.Add(piece);
        }

        return pieces;
    }
}
