namespace SmimeGateway.Tests.Queueing;

/// <summary>
/// One story of all that a queue does, and the disk as a process leaves it that dies at any step of it: before, in the middle of and after
/// every write, flush, new file, rename, removal and cut.
/// </summary>
public sealed class FailPointTests
{
    [Fact]
    public async Task Wherever_it_is_killed_nothing_is_lost_and_only_what_was_being_recorded_comes_back()
    {
        var deaths = await TellAsync(static disk => disk.AfterKill());

        deaths.Count.ShouldBeGreaterThan(500);
        foreach (var (disk, facts) in deaths)
        {
            await using var heir = new QueueBed(Story.Options, disk);
            facts.Check(await Story.EndAsync(heir), isKill: true);
        }
    }

    [Fact]
    public async Task Wherever_the_power_goes_nothing_is_lost()
    {
        var chance = new Random(11);
        var deaths = await TellAsync(disk => disk.AfterPowerCut(chance));

        foreach (var (disk, facts) in deaths)
        {
            await using var heir = new QueueBed(Story.Options, disk);
            facts.Check(await Story.EndAsync(heir), isKill: false);
        }
    }

    [Fact]
    public async Task Wherever_it_is_killed_again_while_it_reads_back_what_the_first_death_left_the_same_is_there()
    {
        var deaths = await TellAsync(static disk => disk.AfterKill());

        var second = 0;
        foreach (var (disk, facts) in deaths.Where(static (_, number) => number % 23 == 0))
        {
            var left = new List<MemoryFolder>();
            disk.Step = () => left.Add(disk.AfterKill());
            await using (new QueueBed(Story.Options, disk))
            {
                disk.Step = static () => { };
            }

            foreach (var again in left)
            {
                await using var heir = new QueueBed(Story.Options, again);
                facts.Check(await Story.EndAsync(heir), isKill: true);
                second++;
            }
        }

        second.ShouldBeGreaterThan(100);
    }

    private static async Task<List<(MemoryFolder Disk, Story.Facts Facts)>> TellAsync(Func<MemoryFolder, MemoryFolder> leave)
    {
        await using var bed = new QueueBed(Story.Options);
        var story = new Story(bed);
        var deaths = new List<(MemoryFolder, Story.Facts)>();
        bed.Disk.Step = () => deaths.Add((leave(bed.Disk), story.FactsNow()));
        await story.TellAsync();
        bed.Disk.Step = static () => { };
        bed.Log.Text.ShouldNotContain("Error");
        return deaths;
    }
}
