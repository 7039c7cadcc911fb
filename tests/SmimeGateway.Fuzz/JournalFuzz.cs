using System.Globalization;
using SmimeGateway.Protecting;
using SmimeGateway.Queueing.Journal.Frames;
using SmimeGateway.Queueing.Journal.Segments;
using SmimeGateway.Smtp;

namespace SmimeGateway.Fuzz;

/// <summary>
/// Segments with random damage through the reader of the journal: it ends, throws nothing, and everything it takes for a frame lies where
/// it says. <c>SMIMEGATEWAY_FUZZ_RUNS</c> sets how many.
/// </summary>
public sealed class JournalFuzz
{
    private const ulong Mark = 0x1122334455667789;

    [Fact]
    public void The_reader_survives_any_segment()
    {
        var runs = int.Parse(Environment.GetEnvironmentVariable("SMIMEGATEWAY_FUZZ_RUNS") ?? "10000", CultureInfo.InvariantCulture);
        var chance = new Random(20_260_314);
        var segment = Segment();

        for (var run = 0; run < runs; run++)
        {
            var bytes = Mutate(segment, chance);
            long? end = chance.Next(2) == 0 ? null : chance.Next(bytes.Length * 2);
            long last = 0;

            SegmentReader.Read(
                bytes, Mark, end,
                (offset, length, entries) =>
                {
                    (offset >= last).ShouldBeTrue();
                    last = offset + length;
                    (last <= bytes.Length).ShouldBeTrue();
                    entries.OfType<MessageEntry>().All(entry => entry.IsOwnFile || entry.ContentOffset + entry.ContentLength <= length)
                        .ShouldBeTrue();
                },
                (offset, length, _) => (offset + length <= bytes.Length).ShouldBeTrue());
            _ = SegmentHeader.TryDecode(bytes, out _, out _, out _);
        }
    }

    [Fact]
    public void The_decoder_of_entries_survives_any_bytes_with_a_right_checksum()
    {
        var chance = new Random(4711);
        var segment = Segment();
        FrameHeader.TryDecode(segment.AsSpan(SegmentHeader.Size), Mark, out var header).ShouldBeTrue();
        var entries = segment.AsSpan(SegmentHeader.Size + FrameHeader.Size, header.EntriesLength).ToArray();

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var run = 0; run < 20_000; run++)
        {
            var bytes = Mutate(entries, chance);
            var decoded = FrameDecoder.Decode(
                new FrameHeader(bytes.Length, chance.Next(2) == 0 ? header.ContentsLength : chance.Next(1000), Crc32C.Of(bytes)), bytes);

            (decoded?.Count ?? 0).ShouldBeLessThanOrEqualTo(bytes.Length);
        }

        // No number in the bytes makes it take more memory than the bytes themselves can be worth.
        ((GC.GetAllocatedBytesForCurrentThread() - before) / 20_000).ShouldBeLessThan(200L * entries.Length);
    }

    private static DeliveryStatus Status(string diagnostic) => new(DeliveryAction.Delayed, new EnhancedStatus(4, 0, 0), diagnostic, "mx.example.net");

    private static byte[] Segment()
    {
        var bytes = new List<byte>(new SegmentHeader(Guid.NewGuid(), 1, Mark, 64 * 1024, 0, 0).Encode());
        var pieces = new List<ReadOnlyMemory<byte>>();
        MailPath.TryParse("bob@example.net", out var path).ShouldBeTrue();
        for (var i = 1; i <= 20; i++)
        {
            var frame = new FrameDraft();
            var content = new byte[i * 30];
            var recipient = new EnvelopeRecipient(path!) { Notify = Notify.Failure, OriginalRecipient = "rfc822;bob@example.net" };
            var envelope = new Envelope(MailPath.Null, [.. Enumerable.Repeat(recipient, i * 5)]) { EnvelopeId = "QQ+2B" };
            RecipientStatus[] statuses = [new(0, Status("4.2.1 busy")), new(1, Status("4.4.1 no answer")), new(2, Status("4.2.1 busy"))];
            frame.AddMessage(
                new MessageEntry(i, 1, envelope, Protection.ClearSigned, content.Length, Crc32C.Of(content), false) { Statuses = statuses }, content);
            frame.AddProgress(i, new DeliveryState(1, 2, 3, RecipientSet.AllOf(i)), i * 5, statuses);
            frame.AddHold(i, isHeld: true);
            frame.AddEnded(i);
            frame.Seal();
            frame.WriteTo(pieces, Mark);
        }

        foreach (var piece in pieces)
        {
            bytes.AddRange(piece.Span);
        }

        return [.. bytes, .. new byte[500]];
    }

    private static byte[] Mutate(byte[] original, Random chance)
    {
        var bytes = chance.Next(8) == 0 ? original[..chance.Next(original.Length + 1)] : [.. original];
        for (var change = chance.Next(1, 5); change > 0 && bytes.Length > 0; change--)
        {
            var at = chance.Next(bytes.Length);
            var length = Math.Min(chance.Next(1, 64), bytes.Length - at);
            switch (chance.Next(5))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << chance.Next(8));
                    break;
                case 1:
                    chance.NextBytes(bytes.AsSpan(at, length));
                    break;
                case 2:
                    bytes.AsSpan(at, length).Clear();
                    break;
                case 3:
                    bytes.AsSpan(at, length).Fill(0xFF);
                    break;
                default:
                    original.AsSpan(chance.Next(original.Length - Math.Min(length, original.Length - 1)), Math.Min(length, original.Length - 1) % (bytes.Length - at + 1))
                        .CopyTo(bytes.AsSpan(at));
                    break;
            }
        }

        return bytes;
    }
}
