using System.Buffers;
using System.Formats.Asn1;
using SmimeGateway.Cms.Tests.Interop.Encryption;
using SmimeGateway.TestSupport;
using Xunit.Abstractions;

namespace SmimeGateway.Cms.Tests;

public sealed class CompressedDataTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(70_000)]
    [InlineData(3_000_000)]
    public void What_is_compressed_is_decompressed(int length)
    {
        var random = RandomBytes(length);
        var even = new byte[length];

        Decompress(CompressedData.Compress(Sequences.Cut(random, 1_000)), length).SequenceEqual(random).ShouldBeTrue();
        Decompress(CompressedData.Compress(new ReadOnlySequence<byte>(even)), length).SequenceEqual(even).ShouldBeTrue();
        CompressedData.Compress(new ReadOnlySequence<byte>(even)).Length.ShouldBeLessThan(100 + (length / 500));
    }

    [Fact]
    public async Task Bouncy_Castle_decompresses_what_is_compressed()
    {
        byte[][] contents = [[], [1], RandomBytes(70_000), new byte[1_000_000]];

        var read = await BouncyCastleDecryption.DecompressAsync(
            [.. contents.Select(content => CompressedData.Compress(new ReadOnlySequence<byte>(content)))]);

        read.Zip(contents).ShouldAllBe(pair => pair.First != null && pair.First.SequenceEqual(pair.Second));
    }

    [Fact]
    public void A_content_may_be_as_long_as_allowed_and_no_longer()
    {
        var cms = CompressedData.Compress(new ReadOnlySequence<byte>(new byte[1_000]));

        Decompress(cms, 1_000).Length.ShouldBe(1_000);
        Fault(cms, 999).Kind.ShouldBe(CmsFaultKind.LimitExceeded);
    }

    [Fact]
    public void A_bomb_costs_no_memory()
    {
        var bomb = CompressedData.Compress(new ReadOnlySequence<byte>(new byte[200_000_000]));
        var before = GC.GetAllocatedBytesForCurrentThread();

        Fault(bomb, 100_000_000).Kind.ShouldBe(CmsFaultKind.LimitExceeded);

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1_000_000);
    }

    [Fact]
    public void Every_cut_and_every_flipped_bit_of_the_stream_is_noticed()
    {
        var content = RandomBytes(300);
        var cms = CompressedData.Compress(new ReadOnlySequence<byte>(content));
        var stream = ZlibOf(cms);

        for (var length = 0; length < stream.Length; length++)
        {
            Fault(Around(stream[..length])).Kind.ShouldBe(CmsFaultKind.DecompressionFailed);
        }

        for (var bit = 0; bit < stream.Length * 8; bit++)
        {
            var changed = stream.ToArray();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            var isGood = CompressedData.TryDecompress(Around(changed), 100_000, out var decompressed, out var fault);

            // The level in the second octet of the header says how hard the sender tried, and nothing else.
            (isGood ? decompressed!.SequenceEqual(content) : fault!.Kind is CmsFaultKind.DecompressionFailed or CmsFaultKind.LimitExceeded)
                .ShouldBeTrue($"bit {bit}");
        }
    }

    [Fact]
    public void A_stream_that_needs_a_dictionary_is_refused()
    {
        var stream = ZlibOf(CompressedData.Compress(Some.ContentSequence));
        byte[] asking = [0x78, 0x20, 1, 2, 3, 4, .. stream[2..]];

        Fault(Around(asking)).Kind.ShouldBe(CmsFaultKind.DecompressionFailed);
    }

    [Fact]
    public void A_stream_in_pieces_of_indefinite_length_is_read()
    {
        var stream = ZlibOf(CompressedData.Compress(Some.ContentSequence));
        byte[] head = [0x30, 0x80, .. Oid(Oids.CompressedData), 0xA0, 0x80, 0x30, 0x80, 2, 1, 0, 0x30, 0x80, .. Oid(Oids.Zlib), 0, 0];
        byte[] pieces = [0x24, 0x80, .. stream.Chunk(7).SelectMany(chunk => new byte[] { 4, (byte)chunk.Length }.Concat(chunk)), 0, 0];
        byte[] inner = [0x30, 0x80, .. Oid(Oids.Data), 0xA0, 0x80, .. pieces, 0, 0, 0, 0];

        Decompress([.. head, .. inner, 0, 0, 0, 0, 0, 0], 1_000).ShouldBe(Some.Content);
    }

    [Theory]
    [InlineData(Oids.Data, Oids.Zlib, Oids.Data, CmsFaultKind.NotCompressedData)]
    [InlineData(Oids.CompressedData, Oids.Aes128Cbc, Oids.Data, CmsFaultKind.UnsupportedAlgorithm)]
    [InlineData(Oids.CompressedData, Oids.Zlib, Oids.SignedData, CmsFaultKind.ContentTypeMismatch)]
    public void What_is_something_else_is_refused(string type, string algorithm, string contentType, CmsFaultKind expected)
    {
        var stream = ZlibOf(CompressedData.Compress(Some.ContentSequence));

        Fault(Around(stream, type, algorithm, contentType)).Kind.ShouldBe(expected);
    }

    [Fact]
    public void What_is_malformed_is_refused()
    {
        var cms = CompressedData.Compress(Some.ContentSequence);

        for (var length = 0; length < cms.Length; length++)
        {
            Fault(cms[..length]).Kind.ShouldBe(CmsFaultKind.Malformed);
        }
    }

    [Fact]
    public void The_example_of_rustcrypto_is_read()
    {
        if (Corpora.Folder("cms/rustcrypto-examples") is not { } folder)
        {
            output.WriteLine("Skipped: there is no folder shared/corpora beside the checkout.");
            return;
        }

        Decompress(File.ReadAllBytes(Path.Combine(folder, "compressed_data.bin")), 1_000).Length.ShouldBeGreaterThan(0);
    }

    private static byte[] RandomBytes(int length)
    {
        var bytes = new byte[length];
        new Random(3274).NextBytes(bytes);
        return bytes;
    }

    private static byte[] Decompress(byte[] cms, int maxOctets)
    {
        CompressedData.TryDecompress(cms, maxOctets, out var content, out var fault).ShouldBeTrue(fault?.Reason);
        return content!;
    }

    private static CmsFault Fault(byte[] cms, int maxOctets = 100_000)
    {
        CompressedData.TryDecompress(cms, maxOctets, out var content, out var fault).ShouldBeFalse();
        content.ShouldBeNull();
        return fault!;
    }

    private static byte[] ZlibOf(byte[] cms) => Cms.Reading.CompressedFields.Read(cms).ToArray();

    private static byte[] Oid(string oid)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        writer.WriteObjectIdentifier(oid);
        return writer.Encode();
    }

    private static byte[] Around(
        byte[] stream, string type = Oids.CompressedData, string algorithm = Oids.Zlib, string contentType = Oids.Data)
    {
        var tag = new Asn1Tag(TagClass.ContextSpecific, 0);
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(type);
            using (writer.PushSequence(tag))
            using (writer.PushSequence())
            {
                writer.WriteInteger(0);
                using (writer.PushSequence())
                {
                    writer.WriteObjectIdentifier(algorithm);
                }

                using (writer.PushSequence())
                {
                    writer.WriteObjectIdentifier(contentType);
                    using (writer.PushSequence(tag))
                    {
                        writer.WriteOctetString(stream);
                    }
                }
            }
        }

        return writer.Encode();
    }
}
