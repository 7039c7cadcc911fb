using System.Text;
using SmimeGateway.Accepting.Crowding;
using SmimeGateway.Relaying.Pooling;
using SmimeGateway.Smtp.Client;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests.Relaying.Pooling;

public sealed class FitContentTests
{
    private readonly ManualTimeProvider _time = new();

    // Short enough for none to be written anew; long, and none where the server takes long lines.
    [Theory]
    [InlineData(10, false, false)]
    [InlineData(5000, true, false)]
    [InlineData(5000, false, true)]
    public async Task What_is_written_anew_takes_memory_for_as_long_as_it_is_sent_and_nothing_else_does(int line, bool takesLongLines, bool isAnew)
    {
        var memory = new MemoryBudget(10_000_000, _time);
        var content = Mail(line);

        using (var fit = await FitContent.MakeAsync(content, takesLongLines, memory, CancellationToken.None))
        {
            memory.Used.ShouldBe(isAnew ? MemoryBudget.CostPerOctet * content.Length : 0);
            (fit.Content == content).ShouldBe(!isAnew);
        }

        memory.Used.ShouldBe(0);
    }

    [Fact]
    public async Task Where_there_is_no_memory_for_it_there_is_no_content_and_nothing_is_left_taken()
    {
        var memory = new MemoryBudget(1_000_000, _time);
        var other = new MemoryShare();
        (await memory.ReserveAsync(other, 900_000, TimeSpan.FromSeconds(1), CancellationToken.None)).ShouldBeTrue();
        var making = FitContent.MakeAsync(Mail(50_000), takesLongLines: false, memory, CancellationToken.None).AsTask();
        await Eventually.TrueAsync(() => memory.Waiting == 1);

        await _time.AdvanceUntilAsync(making, TimeSpan.FromSeconds(10));

        using var fit = await making;
        fit.Content.ShouldBeNull();
        (memory.Used, memory.Waiting).ShouldBe((900_000, 0));
    }

    [Fact]
    public async Task What_cannot_be_written_anew_leaves_nothing_taken()
    {
        var memory = new MemoryBudget(10_000_000, _time);
        var reads = 0;
        var content = Mail(5000);
        var unreadable = new MessageContent(content.Length, Blocks());

        await Should.ThrowAsync<IOException>(() => FitContent.MakeAsync(unreadable, takesLongLines: false, memory, CancellationToken.None).AsTask());

        memory.Used.ShouldBe(0);

        IEnumerable<ReadOnlyMemory<byte>> Blocks()
        {
            if (Interlocked.Increment(ref reads) > 1)
            {
                throw new IOException("The disk does not give it.");
            }

            yield return content.Read();
        }
    }

    private static MessageContent Mail(int line) =>
        Encoding.ASCII.GetBytes($"Subject: x\r\nMIME-Version: 1.0\r\n\r\n{new string('x', line)}\r\n");
}
