using System.Security.Cryptography.X509Certificates;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Cms.Tests;

public sealed class EnvelopedDataTests
{
    private static readonly X509Certificate2 Stranger = TestPki.Issue("stranger@example.com", keyOwner: "stranger");

    [Theory]
    [InlineData(false, 1)]
    [InlineData(false, 7)]
    [InlineData(false, 1000)]
    [InlineData(true, 1)]
    [InlineData(true, 1000)]
    public void A_content_in_pieces_is_decrypted(bool isAuthenticated, int pieceLength)
    {
        var content = Enumerable.Range(0, 5_000).Select(value => (byte)value).ToArray();
        var envelope = new OddEnvelope
        {
            IsAuthenticated = isAuthenticated,
            Content = content,
            Layout = encrypted => Ber.Indefinite(0xA0, encrypted.Chunk(pieceLength).Select(Ber.Octets)),
        };

        Decrypt(envelope).ShouldBe(content);
    }

    [Fact]
    public void Pieces_within_pieces_are_decrypted_and_refused_when_too_deep()
    {
        Decrypt(new OddEnvelope { Layout = encrypted => Ber.Wrap(0xA0, Nest(encrypted, 3)) }).ShouldBe(Some.Content);

        ReadFault(new OddEnvelope { Layout = encrypted => Ber.Wrap(0xA0, Nest(encrypted, 4)) }.Encode()).Kind.ShouldBe(CmsFaultKind.LimitExceeded);

        static byte[] Nest(byte[] encrypted, int depth) =>
            depth == 0 ? Ber.Octets(encrypted) : Ber.Indefinite(0x24, Nest(encrypted[..10], 0), Nest(encrypted[10..], depth - 1));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Decrypting_costs_no_memory_but_the_content(bool isAuthenticated, bool inPieces)
    {
        var content = new byte[20_000_000];
        var enveloped = new OddEnvelope
        {
            IsAuthenticated = isAuthenticated,
            Content = content,
            Layout = encrypted => inPieces ? Ber.Indefinite(0xA0, encrypted.Chunk(100_000).Select(Ber.Octets)) : Ber.Wrap(0x80, encrypted),
        }.Read();
        var before = GC.GetAllocatedBytesForCurrentThread();

        enveloped.TryDecrypt([Some.Certificate], allowWeakCiphers: false, out var decrypted, out var fault).ShouldBeTrue(fault?.Reason);

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(content.Length + 100_000);
        decrypted!.AsSpan().SequenceEqual(content).ShouldBeTrue();
    }

    [Fact]
    public void A_key_that_is_not_meant_does_not_decrypt()
    {
        Fault(new OddEnvelope().Read(), [Stranger]).Kind.ShouldBe(CmsFaultKind.NoMatchingKey);
        Fault(new OddEnvelope().Read(), []).Kind.ShouldBe(CmsFaultKind.NoMatchingKey);
        Fault(new OddEnvelope().Read(), [TestPki.Public(Some.Certificate)]).Kind.ShouldBe(CmsFaultKind.NoMatchingKey);
    }

    [Fact]
    public void Every_key_that_is_meant_is_tried()
    {
        // The first certificate has the identifier that is named, but another key.
        var wrong = OddEnvelope.Transport(Stranger, OddEnvelope.ContentKey);
        var envelope = new OddEnvelope
        {
            Recipients = [OddEnvelope.TransportOf(Some.Certificate, wrong[^256..]), OddEnvelope.Transport(Some.Certificate, OddEnvelope.ContentKey)],
        };

        Decrypt(envelope with { IsAuthenticated = true }).ShouldBe(Some.Content);
    }

    [Fact]
    public void No_more_keys_are_tried_than_the_limit()
    {
        var wrong = OddEnvelope.TransportOf(Some.Certificate, new byte[256]);
        var right = OddEnvelope.Transport(Some.Certificate, OddEnvelope.ContentKey);
        OddEnvelope Envelope(int wrongOnes) =>
            new() { IsAuthenticated = true, Recipients = [.. Enumerable.Repeat(wrong, wrongOnes), right] };

        Decrypt(Envelope(CmsLimits.Standard.MaxKeyAttempts - 1)).ShouldBe(Some.Content);
        Fault(Envelope(CmsLimits.Standard.MaxKeyAttempts).Read()).Kind.ShouldBe(CmsFaultKind.DecryptionFailed);
    }

    [Fact]
    public void More_recipients_than_the_limit_are_refused()
    {
        var cms = new OddEnvelope { Recipients = [.. Enumerable.Repeat(OddEnvelope.TransportOf(Stranger, [1]), 11)] }.Encode();

        EnvelopedData.TryRead(cms, new CmsLimits(MaxRecipients: 11), out _, out _).ShouldBeTrue();
        EnvelopedData.TryRead(cms, new CmsLimits(MaxRecipients: 10), out _, out var fault).ShouldBeFalse();
        fault!.Kind.ShouldBe(CmsFaultKind.LimitExceeded);
    }

    [Theory]
    [InlineData(Oids.TripleDesCbc)]
    [InlineData(Oids.DesCbc)]
    [InlineData(Oids.Rc2Cbc)]
    public void Weak_ciphers_are_read_only_where_they_are_allowed(string cipher)
    {
        var enveloped = new OddEnvelope { Cipher = cipher }.Read();

        enveloped.IsCipherWeak.ShouldBeTrue();
        Fault(enveloped).Kind.ShouldBe(CmsFaultKind.WeakCipher);
    }

    [Theory]
    [InlineData(false, Oids.Aes256Gcm)]
    [InlineData(true, Oids.Aes256Cbc)]
    [InlineData(false, Oids.Sha256)]
    [InlineData(true, Oids.Sha256)]
    public void A_cipher_has_its_own_kind_of_object(bool isAuthenticated, string cipher)
    {
        Fault(new OddEnvelope { IsAuthenticated = isAuthenticated, Cipher = cipher }.Read()).Kind.ShouldBe(CmsFaultKind.UnsupportedAlgorithm);
    }

    [Theory]
    [InlineData(15)]
    [InlineData(17)]
    [InlineData(0)]
    public void A_vector_of_another_length_is_malformed(int length)
    {
        Fault(new OddEnvelope { Parameters = Ber.Octets(new byte[length]) }.Read()).Kind.ShouldBe(CmsFaultKind.Malformed);
    }

    [Fact]
    public void A_content_elsewhere_is_missed()
    {
        Fault(new OddEnvelope { Layout = null }.Read()).Kind.ShouldBe(CmsFaultKind.ContentMissing);
    }

    [Theory]
    [InlineData(Oids.SignedData, "The object is SignedData, not EnvelopedData.")]
    [InlineData(Oids.EncryptedData, "The object is EncryptedData, not EnvelopedData.")]
    public void What_is_something_else_is_refused(string type, string reason)
    {
        ReadFault(new OddEnvelope { Type = type }.Encode()).ShouldBe(new CmsFault(CmsFaultKind.NotEnvelopedData, reason));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_is_cut_off_is_malformed(bool isAuthenticated)
    {
        var cms = new OddEnvelope { IsAuthenticated = isAuthenticated }.Encode();

        for (var length = 0; length < cms.Length; length++)
        {
            ReadFault(cms[..length]).Kind.ShouldBe(CmsFaultKind.Malformed);
        }
    }

    [Fact]
    public void What_follows_the_object_belongs_to_nothing()
    {
        var cms = new OddEnvelope().Encode();
        var enveloped = SomeEnvelope.Read((byte[])[.. cms, 13, 10]);

        enveloped.EncodedLength.ShouldBe(cms.Length);
    }

    [Fact]
    public void The_type_of_the_content_is_told()
    {
        new OddEnvelope().Read().IsContentData.ShouldBeTrue();
        var inner = new OddEnvelope { ContentType = Oids.SignedData }.Read();
        inner.IsContentData.ShouldBeFalse();
        inner.ContentType.ShouldBe(Oids.SignedData);
    }

    private static byte[] Decrypt(OddEnvelope envelope)
    {
        envelope.Read().TryDecrypt([Stranger, Some.Certificate], allowWeakCiphers: false, out var content, out var fault).ShouldBeTrue(fault?.Reason);
        return content!;
    }

    private static CmsFault Fault(EnvelopedData enveloped, X509Certificate2[]? keys = null)
    {
        enveloped.TryDecrypt(keys ?? [Some.Certificate], allowWeakCiphers: false, out var content, out var fault).ShouldBeFalse();
        content.ShouldBeNull();
        return fault!;
    }

    private static CmsFault ReadFault(byte[] cms)
    {
        EnvelopedData.TryRead(cms, out var enveloped, out var fault).ShouldBeFalse();
        enveloped.ShouldBeNull();
        return fault!;
    }
}
