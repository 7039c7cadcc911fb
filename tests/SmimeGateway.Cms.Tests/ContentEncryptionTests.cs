using System.Buffers;
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Cms.Tests;

public sealed class ContentEncryptionTests
{
    private static readonly X509Certificate2 Bob = TestPki.Issue("bob@example.com", keyOwner: "bob");

    public static TheoryData<ContentCipher> Ciphers => [.. Enum.GetValues<ContentCipher>()];

    public static TheoryData<ContentCipher, int> Sizes
    {
        get
        {
            var sizes = new TheoryData<ContentCipher, int>();
            foreach (var cipher in Enum.GetValues<ContentCipher>())
            {
                // Around a block, around what lengths are written with, and around the chunks in which CBC is read back.
                foreach (var size in new[] { 0, 1, 15, 16, 17, 127, 128, 255, 256, 32767, 32768, 32769, 65535, 65536, 98304, 100_000 })
                {
                    sizes.Add(cipher, size);
                }
            }

            return sizes;
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Content_of_any_size_in_any_pieces_is_read_back(ContentCipher cipher, int size)
    {
        var content = RandomNumberGenerator.GetBytes(size);
        using var recipient = Recipients.Make(Some.Certificate);
        foreach (var pieces in new[] { new ReadOnlySequence<byte>(content), Sequences.Cut(content, 7), Sequences.Cut(content, 4096) })
        {
            using var encryption = new ContentEncryption(cipher, [recipient], pieces);

            var cms = Write(encryption);

            var before = cms.ToArray();
            encryption.Check(cms).ShouldBeNull();
            cms.ShouldBe(before);
            if (!IsAuthenticated(cipher))
            {
                DecryptWithFramework(cms, Some.Certificate).ShouldBe(content);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Ciphers))]
    public void Every_recipient_gets_the_same_content(ContentCipher cipher)
    {
        var elliptic = TestPki.Issue("carol@example.com", KeyKind.EcP256);
        using var alice = Recipients.Make(Some.Certificate);
        using var bob = Recipients.Make(Bob, KeyTransport.OaepSha256, RecipientNaming.KeyIdentifier);
        using var carol = Recipients.Make(elliptic);
        using var encryption = new ContentEncryption(cipher, [carol, alice, bob], Some.ContentSequence);

        var cms = Write(encryption);

        encryption.Check(cms).ShouldBeNull();
        if (!IsAuthenticated(cipher))
        {
            DecryptWithFramework(cms, Some.Certificate).ShouldBe(Some.Content);
            DecryptWithFramework(cms, Bob).ShouldBe(Some.Content);
        }
    }

    // RFC 5652 section 6.1, RFC 5083 section 2.1.
    [Theory]
    [InlineData(ContentCipher.Aes128Cbc, RecipientNaming.IssuerAndSerial, KeyKind.Rsa2048, 0)]
    [InlineData(ContentCipher.Aes128Cbc, RecipientNaming.KeyIdentifier, KeyKind.Rsa2048, 2)]
    [InlineData(ContentCipher.Aes128Cbc, RecipientNaming.IssuerAndSerial, KeyKind.EcP256, 2)]
    [InlineData(ContentCipher.Aes128Gcm, RecipientNaming.IssuerAndSerial, KeyKind.Rsa2048, 0)]
    [InlineData(ContentCipher.Aes128Gcm, RecipientNaming.KeyIdentifier, KeyKind.EcP256, 0)]
    public void The_version_is_the_one_of_the_standard(ContentCipher cipher, RecipientNaming naming, KeyKind kind, int expected)
    {
        using var recipient = Recipients.Make(TestPki.Issue("alice@example.com", kind), naming: naming);
        using var encryption = new ContentEncryption(cipher, [recipient], Some.ContentSequence);

        ReadEnvelope(Write(encryption)).TryReadInt32(out var version).ShouldBeTrue();

        version.ShouldBe(expected);
    }

    [Theory]
    [MemberData(nameof(Ciphers))]
    public void The_type_of_the_object_and_of_the_message_follow_the_cipher(ContentCipher cipher)
    {
        using var recipient = Recipients.Make(Some.Certificate);
        using var encryption = new ContentEncryption(cipher, [recipient], Some.ContentSequence);

        var contentInfo = new AsnReader(Write(encryption), AsnEncodingRules.DER).ReadSequence();

        contentInfo.ReadObjectIdentifier().ShouldBe(IsAuthenticated(cipher) ? "1.2.840.113549.1.9.16.1.23" : "1.2.840.113549.1.7.3");
        encryption.SmimeType.ShouldBe(IsAuthenticated(cipher) ? "authEnveloped-data" : "enveloped-data");
    }

    [Fact]
    public void Recipients_stand_in_the_order_of_DER()
    {
        var recipients = Enumerable.Range(0, 20).Select(_ => Recipients.Make(TestPki.Issue("alice@example.com"))).ToArray();
        using var encryption = new ContentEncryption(ContentCipher.Aes128Cbc, recipients, Some.ContentSequence);

        var envelope = ReadEnvelope(Write(encryption));
        envelope.ReadInteger();

        // The reader of DER throws if the set is not in order.
        var set = envelope.ReadSetOf();
        for (var count = 0; count < recipients.Length; count++)
        {
            set.ReadEncodedValue();
        }

        set.HasData.ShouldBeFalse();
    }

    [Theory]
    [MemberData(nameof(Ciphers))]
    public void No_two_encryptions_are_alike(ContentCipher cipher)
    {
        using var recipient = Recipients.Make(Some.Certificate);
        using var one = new ContentEncryption(cipher, [recipient], Some.ContentSequence);
        using var other = new ContentEncryption(cipher, [recipient], Some.ContentSequence);

        Write(one)[^40..].ShouldNotBe(Write(other)[^40..]);
    }

    [Theory]
    [MemberData(nameof(Ciphers))]
    public void A_changed_octet_anywhere_is_found(ContentCipher cipher)
    {
        using var rsa = Recipients.Make(Some.Certificate);
        using var elliptic = Recipients.Make(TestPki.Issue("carol@example.com", KeyKind.EcP256));
        using var encryption = new ContentEncryption(cipher, [rsa, elliptic], Some.ContentSequence);
        var good = Write(encryption);

        for (var at = 0; at < good.Length; at++)
        {
            var bad = good.ToArray();
            bad[at] ^= 0x11;
            encryption.Check(bad).ShouldNotBeNull($"octet {at} of {good.Length}");
        }

        encryption.Check(good).ShouldBeNull();
    }

    [Theory]
    [MemberData(nameof(Ciphers))]
    public void An_object_that_ends_early_or_late_is_found(ContentCipher cipher)
    {
        using var recipient = Recipients.Make(Some.Certificate);
        using var encryption = new ContentEncryption(cipher, [recipient], Some.ContentSequence);
        var good = Write(encryption);

        encryption.Check((byte[])[.. good, 0]).ShouldNotBeNull();
        for (var length = 0; length < good.Length; length++)
        {
            encryption.Check(good.AsSpan(0, length).ToArray()).ShouldNotBeNull($"{length} octets");
        }
    }

    [Theory]
    [MemberData(nameof(Ciphers))]
    public void An_encryption_of_the_same_content_to_others_is_found(ContentCipher cipher)
    {
        using var alice = Recipients.Make(Some.Certificate);
        using var bob = Recipients.Make(Bob);
        using var encryption = new ContentEncryption(cipher, [alice], Some.ContentSequence);
        using var toBob = new ContentEncryption(cipher, [bob], Some.ContentSequence);
        using var toBoth = new ContentEncryption(cipher, [alice, bob], Some.ContentSequence);
        using var toNobodyElse = new ContentEncryption(cipher, [alice], Some.ContentSequence);

        foreach (var other in new[] { toBob, toBoth, toNobodyElse })
        {
            encryption.Check(Write(other))!.Kind.ShouldBe(CmsFaultKind.RecipientMismatch);
        }
    }

    [Theory]
    [MemberData(nameof(Ciphers))]
    public void Content_that_changed_after_it_was_written_is_found(ContentCipher cipher)
    {
        foreach (var at in new[] { 0, 40_000, 69_999 })
        {
            var content = RandomNumberGenerator.GetBytes(70_000);
            using var recipient = Recipients.Make(Some.Certificate);
            using var encryption = new ContentEncryption(cipher, [recipient], Sequences.Cut(content, 10_000));
            var cms = Write(encryption);

            content[at] ^= 1;

            encryption.Check(cms)!.Kind.ShouldBe(CmsFaultKind.ContentMismatch);
        }
    }

    [Theory]
    [MemberData(nameof(Ciphers))]
    public void A_destination_of_another_length_is_refused(ContentCipher cipher)
    {
        using var recipient = Recipients.Make(Some.Certificate);
        using var encryption = new ContentEncryption(cipher, [recipient], Some.ContentSequence);

        Should.Throw<ArgumentException>(() => encryption.Write(new byte[encryption.EncodedLength - 1]));
        Should.Throw<ArgumentException>(() => encryption.Write(new byte[encryption.EncodedLength + 1]));
    }

    [Fact]
    public void Somebody_must_be_able_to_read_it() =>
        Should.Throw<ArgumentException>(() => new ContentEncryption(ContentCipher.Aes256Cbc, [], Some.ContentSequence));

    [Theory]
    [MemberData(nameof(Ciphers))]
    public void A_forgotten_key_encrypts_and_reads_nothing(ContentCipher cipher)
    {
        using var recipient = Recipients.Make(Some.Certificate);
        var encryption = new ContentEncryption(cipher, [recipient], Some.ContentSequence);
        var cms = Write(encryption);

        encryption.Dispose();

        Should.Throw<ObjectDisposedException>(() => encryption.Write(cms));
        Should.Throw<ObjectDisposedException>(() => encryption.Check(cms));
    }

    [Theory]
    [MemberData(nameof(Ciphers))]
    public void A_large_content_takes_no_memory_but_the_destination(ContentCipher cipher)
    {
        var content = Sequences.Cut(new byte[20_000_000], 1_000_000);
        using var recipient = Recipients.Make(Some.Certificate);
        Write(new ContentEncryption(cipher, [recipient], Some.ContentSequence));
        using var encryption = new ContentEncryption(cipher, [recipient], content);
        var destination = new byte[encryption.EncodedLength];
        var before = GC.GetAllocatedBytesForCurrentThread();

        encryption.Write(destination);
        var fault = encryption.Check(destination);

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(200_000);
        fault.ShouldBeNull();
    }

    private static bool IsAuthenticated(ContentCipher cipher) => cipher >= ContentCipher.Aes128Gcm;

    private static byte[] Write(ContentEncryption encryption)
    {
        var cms = new byte[encryption.EncodedLength];
        encryption.Write(cms);
        return cms;
    }

    private static AsnReader ReadEnvelope(byte[] cms)
    {
        var contentInfo = new AsnReader(cms, AsnEncodingRules.DER).ReadSequence();
        contentInfo.ReadObjectIdentifier();
        return contentInfo.ReadSequence(new Asn1Tag(TagClass.ContextSpecific, 0)).ReadSequence();
    }

    private static byte[] DecryptWithFramework(byte[] cms, X509Certificate2 key)
    {
        var enveloped = new EnvelopedCms();
        enveloped.Decode(cms);
        enveloped.Decrypt([key]);
        return enveloped.ContentInfo.Content;
    }
}
