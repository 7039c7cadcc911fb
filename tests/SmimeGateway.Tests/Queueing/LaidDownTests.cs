using SmimeGateway.Protecting;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests.Queueing;

/// <summary>Versions of a message whose content lies on the disk before their transaction is stored.</summary>
public sealed class LaidDownTests : IAsyncLifetime, IAsyncDisposable
{
    private readonly QueueBed _bed = new(static options => options with { SegmentBytes = 64 * 1024, CacheBytes = 1_000_000 });
    private readonly List<ProtectedMessage> _versions = [];

    private IEnumerable<string> Files => _bed.Disk.List().Where(static name => name.EndsWith(".message", StringComparison.Ordinal));

    public async Task InitializeAsync()
    {
        foreach (var text in new[] { "one", "two", "three" })
        {
            _versions.Add(await _bed.Queue.LayDownAsync(Mail.Some(text), CancellationToken.None));
        }
    }

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    public ValueTask DisposeAsync() => _bed.DisposeAsync();

    [Fact]
    public async Task They_are_stored_as_one_transaction_with_what_was_in_memory_and_survive_a_power_cut()
    {
        Should.Throw<InvalidOperationException>(() => _versions[0].Content);
        (_versions[0].Length, _bed.Queue.Summarize().Messages).ShouldBe((3, 0));

        var stored = await _bed.Queue.EnqueueAsync([Mail.Some("in memory"), .. _versions], CancellationToken.None);
        _bed.CutPower(new Random(1));

        stored.Ids.Count.ShouldBe(4);
        var left = await _bed.Queue.DrainAsync();
        left.Select(message => (message.Id, message.Text())).ShouldBe(stored.Ids.Zip(["in memory", "one", "two", "three"]), ignoreOrder: true);
        await Eventually.TrueAsync(() => !Files.Any());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_crash_before_the_transaction_leaves_nothing_of_them(bool isPowerCut)
    {
        Files.Count().ShouldBe(3);

        if (isPowerCut)
        {
            _bed.CutPower(new Random(2));
        }
        else
        {
            _bed.Kill();
        }

        Files.ShouldBeEmpty();
        _bed.Queue.Summarize().Messages.ShouldBe(0);
    }

    [Fact]
    public void What_is_discarded_takes_no_place()
    {
        _bed.Queue.Discard([_versions[0], Mail.Some("in memory"), .. _versions[1..]]);

        Files.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("the client is gone")]
    [InlineData("a large one beside them cannot be written")]
    [InlineData("the record cannot be written")]
    [InlineData("the disk has failed before")]
    public async Task A_transaction_that_is_not_stored_leaves_nothing_of_them(string why)
    {
        using var gone = new CancellationTokenSource();
        IReadOnlyList<ProtectedMessage> transaction = _versions;
        switch (why)
        {
            case "the client is gone":
                await gone.CancelAsync();
                break;
            case "a large one beside them cannot be written":
                transaction = [_versions[0], Mail.OfLength(200_000), .. _versions[1..]];
                _bed.Disk.Trouble = static (name, call) => call == DiskCall.Write && name.EndsWith(".message", StringComparison.Ordinal) ? "no space left" : null;
                break;
            default:
                _bed.Disk.Trouble = static (name, call) => call == DiskCall.Write && name.EndsWith(".journal", StringComparison.Ordinal) ? "no space left" : null;
                if (why == "the disk has failed before")
                {
                    (await _bed.Queue.EnqueueAsync([Mail.Some("first")], CancellationToken.None)).IsStored.ShouldBeFalse();
                }

                break;
        }

        if (why == "the client is gone")
        {
            await Should.ThrowAsync<OperationCanceledException>(_bed.Queue.EnqueueAsync(transaction, gone.Token).AsTask());
        }
        else
        {
            (await _bed.Queue.EnqueueAsync(transaction, CancellationToken.None)).IsStored.ShouldBeFalse();
        }

        Files.ShouldBeEmpty();
        _bed.Queue.Summarize().Messages.ShouldBe(0);
    }

    [Fact]
    public async Task Where_there_is_no_room_nothing_is_laid_down()
    {
        _bed.Disk.Capacity = 1;
        _bed.Time.Advance(TimeSpan.FromSeconds(1));

        await Should.ThrowAsync<IOException>(_bed.Queue.LayDownAsync(Mail.Some("four"), CancellationToken.None).AsTask());

        Files.Count().ShouldBe(3);
    }
}
