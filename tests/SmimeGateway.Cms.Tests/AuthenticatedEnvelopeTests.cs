using SmimeGateway.TestSupport;

namespace SmimeGateway.Cms.Tests;

/// <summary>AuthEnvelopedData with AES-GCM (RFC 5083, RFC 5084).</summary>
public sealed class AuthenticatedEnvelopeTests
{
    // Two attributes in the order that DER asks for.
    private static readonly byte[] First = Ber.Wrap(0x30, Ber.Oid(Oids.SigningCertificate), Ber.Wrap(0x31, Ber.Octets([1, 2])));
    private static readonly byte[] Second = Ber.Wrap(0x30, Ber.Oid(Oids.ContentType), Ber.Wrap(0x31, Ber.Oid(Oids.Data)));

    [Theory]
    [InlineData(12)]
    [InlineData(13)]
    [InlineData(14)]
    [InlineData(15)]
    [InlineData(16)]
    public void Tags_of_every_length_that_is_allowed_are_checked(int length)
    {
        var envelope = new OddEnvelope { IsAuthenticated = true, TagLength = length };

        Open(envelope).ShouldBe(Some.Content);
    }

    [Fact]
    public void A_tag_of_twelve_octets_need_not_be_announced()
    {
        var parameters = Ber.Wrap(0x30, Ber.Octets(new byte[12]));

        Open(new OddEnvelope { IsAuthenticated = true, TagLength = 12, Parameters = parameters }).ShouldBe(Some.Content);
    }

    [Theory]
    [InlineData(12, 16)]
    [InlineData(12, 4)]
    [InlineData(12, 0)]
    [InlineData(8, 16)]
    [InlineData(0, 16)]
    [InlineData(13, 16)]
    public void A_tag_or_a_nonce_of_another_length_is_refused(int nonceLength, int announcedTagLength)
    {
        var parameters = Ber.Wrap(0x30, Ber.Octets(new byte[nonceLength]), Ber.Integer(announcedTagLength));
        var tagLength = nonceLength == 12 ? 12 : 16;

        Refuse(new OddEnvelope { IsAuthenticated = true, TagLength = tagLength, Parameters = parameters }).ShouldBe(CmsFaultKind.UnsupportedAlgorithm);
    }

    [Fact]
    public void Attributes_are_covered_by_the_tag()
    {
        var envelope = new OddEnvelope { IsAuthenticated = true, Attributes = [First, Second], Covered = Ber.Wrap(0x31, First, Second) };

        Open(envelope).ShouldBe(Some.Content);
        Refuse(envelope with { Attributes = [First] }).ShouldBe(CmsFaultKind.DecryptionFailed);
        Refuse(envelope with { Attributes = null }).ShouldBe(CmsFaultKind.DecryptionFailed);
        Refuse(envelope with { Covered = [] }).ShouldBe(CmsFaultKind.DecryptionFailed);
    }

    [Fact]
    public void Attributes_that_are_sent_in_another_order_or_form_are_covered_in_DER()
    {
        var second = Ber.Indefinite(0x30, Ber.Oid(Oids.ContentType), Ber.Wrap(0x31, Ber.Oid(Oids.Data)));
        var envelope = new OddEnvelope { IsAuthenticated = true, Attributes = [second, First], Covered = Ber.Wrap(0x31, First, Second) };

        Open(envelope).ShouldBe(Some.Content);
    }

    [Fact]
    public void An_empty_content_is_one()
    {
        Open(new OddEnvelope { IsAuthenticated = true, Content = [] }).ShouldBeEmpty();
    }

    [Fact]
    public void Any_flipped_bit_is_noticed_or_means_nothing()
    {
        var cms = new OddEnvelope { IsAuthenticated = true, Attributes = [First], Covered = Ber.Wrap(0x31, First) }.Encode();

        // Every ninth bit visits nearly every byte, and in it every place in turn.
        for (var bit = 0; bit < cms.Length * 8; bit += 9)
        {
            var changed = cms.ToArray();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            if (EnvelopedData.TryRead(changed, out var enveloped, out _)
                && enveloped.TryDecrypt([Some.Certificate], allowWeakCiphers: true, out var content, out _))
            {
                content.ShouldBe(Some.Content, $"bit {bit}");
            }
        }
    }

    [Theory]
    [InlineData(ContentCipher.Aes128Cbc)]
    [InlineData(ContentCipher.Aes192Cbc)]
    [InlineData(ContentCipher.Aes256Cbc)]
    [InlineData(ContentCipher.Aes128Gcm)]
    [InlineData(ContentCipher.Aes192Gcm)]
    [InlineData(ContentCipher.Aes256Gcm)]
    public void What_is_written_here_is_read_here(ContentCipher cipher)
    {
        var certificates = Enum.GetValues<KeyKind>().Select(kind => TestPki.Issue($"{kind}@example.com", kind)).ToList();
        var recipients = certificates.SelectMany(certificate => new[]
        {
            Recipients.Make(certificate, KeyTransport.OaepSha256, RecipientNaming.KeyIdentifier),
            Recipients.Make(certificate),
        });
        using var encryption = new ContentEncryption(cipher, [.. recipients], Some.ContentSequence);
        var cms = new byte[encryption.EncodedLength];
        encryption.Write(cms);

        foreach (var certificate in certificates)
        {
            SomeEnvelope.Read(cms).TryDecrypt([new CmsIdentity(certificate)], allowWeakCiphers: false, out var content, out var opener, out var fault)
                .ShouldBeTrue(fault?.Reason);
            content.ShouldBe(Some.Content);
            opener!.Certificate.ShouldBeSameAs(certificate);
        }
    }

    [Fact]
    public void Recipients_of_agreements_are_found_by_key_identifier()
    {
        var alice = TestPki.Issue("alice@example.com", KeyKind.EcP384);
        using var encryption = new ContentEncryption(
            ContentCipher.Aes256Gcm, [Recipients.Make(alice, naming: RecipientNaming.KeyIdentifier)], Some.ContentSequence);
        var cms = new byte[encryption.EncodedLength];
        encryption.Write(cms);

        var recipient = SomeEnvelope.Read(cms).Recipients.ShouldHaveSingleItem();

        recipient.Identifier!.SubjectKeyIdentifier.IsEmpty.ShouldBeFalse();
        recipient.AlgorithmName.ShouldBe("ECDH SHA-384, AES-256 key wrap");
    }

    private static byte[] Open(OddEnvelope envelope)
    {
        var enveloped = envelope.Read();
        enveloped.IsAuthenticated.ShouldBeTrue();
        enveloped.TryDecrypt([Some.Certificate], allowWeakCiphers: false, out var content, out var fault).ShouldBeTrue(fault?.Reason);
        return content!;
    }

    private static CmsFaultKind Refuse(OddEnvelope envelope)
    {
        envelope.Read().TryDecrypt([Some.Certificate], allowWeakCiphers: false, out var content, out var fault).ShouldBeFalse();
        content.ShouldBeNull();
        return fault!.Kind;
    }
}
