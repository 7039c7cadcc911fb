using SmimeGateway.Queueing.Journal.Frames;

namespace SmimeGateway.Tests.Queueing.Frames;

/// <summary>Which lengths a header may state, and how long a message waits by what the journal kept.</summary>
public sealed class FrameHeaderTests
{
    private const ulong Mark = 0x1122334455667788;

    [Theory]
    [InlineData(0, 0, true)]
    [InlineData(1, 0, true)]
    [InlineData(-1, 0, false)]
    [InlineData(0, -1, false)]
    [InlineData(-1, 1000, false)]
    [InlineData(1000, -1, false)]
    [InlineData(FrameHeader.MaxFrameLength - FrameHeader.Size, 0, true)]
    [InlineData(0, FrameHeader.MaxFrameLength - FrameHeader.Size, true)]
    [InlineData(1, FrameHeader.MaxFrameLength - FrameHeader.Size, false)]
    [InlineData(int.MaxValue, int.MaxValue, false)]
    public void A_header_is_believed_only_with_lengths_that_a_frame_can_have(int entries, int contents, bool expected)
    {
        var bytes = Encoded(new FrameHeader(entries, contents, 7));

        FrameHeader.TryDecode(bytes, Mark, out var header).ShouldBe(expected);
        (header == new FrameHeader(entries, contents, 7) || !expected).ShouldBeTrue();
    }

    [Fact]
    public void A_header_of_another_segment_or_with_any_other_bit_is_none()
    {
        var bytes = Encoded(new FrameHeader(100, 200, 7));

        FrameHeader.TryDecode(bytes, Mark + 1, out _).ShouldBeFalse();
        FrameHeader.TryDecode(bytes.AsSpan(0, FrameHeader.Size - 1), Mark, out _).ShouldBeFalse();
        for (var bit = 0; bit < 8 * FrameHeader.Size; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            FrameHeader.TryDecode(bytes, Mark, out _).ShouldBeFalse($"bit {bit}");
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Theory]
    [InlineData(60, 300, 60)]
    [InlineData(600, 300, 300)]
    [InlineData(-60, 300, 0)]
    [InlineData(60, -1, 0)]
    [InlineData(0, 0, 0)]
    public void A_message_waits_until_its_time_but_never_longer_than_was_chosen_whatever_the_clock_says(int secondsAhead, int pause, int waits)
    {
        var now = new DateTimeOffset(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);
        var state = new DeliveryState(1, now.AddSeconds(secondsAhead).UtcTicks, TimeSpan.FromSeconds(pause).Ticks, RecipientSet.AllOf(1));

        state.Remaining(now).ShouldBe(TimeSpan.FromSeconds(waits));
    }

    private static byte[] Encoded(FrameHeader header)
    {
        var bytes = new byte[FrameHeader.Size];
        header.Encode(bytes, Mark);
        return bytes;
    }
}
