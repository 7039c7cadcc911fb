using SmimeGateway.Queueing;
using SmimeGateway.Queueing.Journal;
using SmimeGateway.Queueing.Journal.Disk;
using SmimeGateway.Queueing.Journal.Frames;
using SmimeGateway.Queueing.Journal.Segments;
using SmimeGateway.Smtp;

namespace SmimeGateway.Tests.Queueing;

public sealed class DamageTests
{
    [Fact]
    public async Task A_record_torn_at_any_byte_is_cut_off_and_the_earlier_ones_stay()
    {
        await using var bed = new QueueBed();
        await bed.Queue.AddAsync(Mail.Some("first"));
        var segment = Segments(bed.Disk).First();
        var start = UsedLength(bed.Disk, segment);
        await bed.Queue.AddAsync(Mail.Some("last"));
        var end = UsedLength(bed.Disk, segment);
        await bed.Queue.DisposeAsync();

        for (var cut = start; cut < end; cut++)
        {
            var torn = bed.Disk.AfterKill();
            torn.Corrupt(segment, bytes =>
            {
                bytes.AsSpan(cut).Clear();
                return bytes;
            });
            var shortened = bed.Disk.AfterKill();
            shortened.Corrupt(segment, bytes => bytes[..cut]);

            Survivors(torn).ShouldBe(["first"], $"cut at {cut}");
            Survivors(shortened).ShouldBe(["first"], $"shortened to {cut}");
        }

        Survivors(bed.Disk).ShouldBe(["first", "last"]);
    }

    [Fact]
    public async Task Of_a_thousand_flipped_bits_each_is_noticed_and_costs_its_own_record_at_most()
    {
        await using var bed = new QueueBed(static options => options with { SegmentBytes = 16 * 1024, OwnFileBytes = 3_000 });
        for (var i = 0; i < 40; i++)
        {
            await bed.Queue.AddAsync(Mail.Some($"{i} " + new string((char)('a' + (i % 26)), i * 40)));
        }

        await bed.Queue.AddAsync(Mail.Some("40 " + new string('z', 5_000)));
        await bed.Queue.DisposeAsync();
        var all = Survivors(bed.Disk);
        all.Count.ShouldBe(41);
        var chance = new Random(42);
        var targets = bed.Disk.Files.Where(static file => file.Value.Bytes.AsSpan().ContainsAnyExcept((byte)0))
            .Select(static file => file.Key).Order().ToList();

        for (var flip = 0; flip < 1000; flip++)
        {
            var name = targets[chance.Next(targets.Count)];
            var used = UsedLength(bed.Disk, name);
            var position = chance.Next(used);
            var disk = bed.Disk.AfterKill();
            disk.Corrupt(name, bytes =>
            {
                bytes[position] ^= (byte)(1 << chance.Next(8));
                return bytes;
            });
            var log = new CollectingLog();

            var left = Survivors(disk, log);

            left.Except(all).ShouldBeEmpty($"bit at {position} of {name}");
            left.Count.ShouldBeGreaterThanOrEqualTo(40, $"bit at {position} of {name}");

            // The two header copies of 76 bytes are all that is used before the frames.
            if (position >= SegmentHeader.Size || position % 512 < 76)
            {
                log.Text.ShouldNotBeEmpty($"bit at {position} of {name}");
            }
        }
    }

    [Fact]
    public async Task Of_a_thousand_cuts_each_is_noticed_and_costs_what_lay_behind_it_in_its_file_at_most()
    {
        await using var bed = new QueueBed(static options => options with { SegmentBytes = 16 * 1024, OwnFileBytes = 3_000 });
        var ends = new Dictionary<string, List<(int End, string Text)>>();
        for (var i = 0; i < 40; i++)
        {
            var text = $"{i} " + new string((char)('a' + (i % 26)), i == 39 ? 5_000 : i * 40);
            var id = await bed.Queue.AddAsync(Mail.Some(text));
            foreach (var name in Segments(bed.Disk).Append(id + ".message").Where(bed.Disk.Exists))
            {
                var records = ends.TryGetValue(name, out var known) ? known : ends[name] = [];
                if (UsedLength(bed.Disk, name) is var end && records.All(record => record.End != end))
                {
                    records.Add((end, text));
                }
            }
        }

        await bed.Queue.DisposeAsync();
        var all = Survivors(bed.Disk);
        all.Count.ShouldBe(40);
        var chance = new Random(43);
        var targets = ends.Keys.Order().ToList();

        for (var round = 0; round < 1000; round++)
        {
            var name = targets[chance.Next(targets.Count)];
            var position = chance.Next(1, UsedLength(bed.Disk, name));
            var disk = bed.Disk.AfterKill();
            disk.Corrupt(name, bytes => bytes[..position]);
            var log = new CollectingLog();

            var left = Survivors(disk, log);

            var behind = ends[name].Where(record => record.End > position).Select(static record => record.Text).ToHashSet();
            left.Except(all).ShouldBeEmpty($"{name} cut to {position}");
            all.Except(left).Except(behind).ShouldBeEmpty($"{name} cut to {position}");
            log.Text.ShouldNotBeEmpty($"{name} cut to {position}");
        }
    }

    [Fact]
    public async Task What_is_damaged_is_kept_for_a_person_to_look_at()
    {
        await using var bed = new QueueBed();
        await bed.Queue.AddAsync(Mail.Some("the damaged one"));
        await bed.Queue.AddAsync(Mail.Some("the other"));
        var segment = Segments(bed.Disk).First();

        await bed.RestartAsync(disk =>
        {
            var changed = disk.AfterKill();
            changed.Corrupt(segment, static bytes =>
            {
                bytes[bytes.AsSpan().IndexOf("the damaged one"u8)] = (byte)'T';
                return bytes;
            });
            return changed;
        });

        (await bed.Queue.DrainAsync()).Select(Mail.Text).ShouldBe(["the other"]);
        var copy = bed.Disk.Files.Single(static file => file.Key.StartsWith("damaged/"));
        copy.Value.Bytes.ShouldBe("The damaged one"u8.ToArray());
        bed.Log.Text.ShouldContain(copy.Key);
    }

    [Fact]
    public async Task Content_that_was_damaged_while_it_waited_is_never_sent()
    {
        await using var bed = new QueueBed(static options => options with { CacheBytes = 0 });
        await bed.Queue.AddAsync(Mail.Some("the damaged one"));
        await bed.Queue.AddAsync(Mail.Some("the other"));
        bed.Disk.Corrupt(Segments(bed.Disk).First(), static bytes =>
        {
            bytes[bytes.AsSpan().IndexOf("the damaged one"u8)] = (byte)'T';
            return bytes;
        });

        var damaged = await bed.Queue.NextAsync();

        damaged.Unreadable.ShouldNotBeNull().IsDamage.ShouldBeTrue();
        Should.Throw<IOException>(() => damaged.Content.Read());
        (await bed.Queue.NextAsync()).Text().ShouldBe("the other");
        bed.Disk.Files.Keys.ShouldContain(static name => name.StartsWith("damaged/"));
    }

    [Fact]
    public async Task A_message_that_looks_like_the_journal_is_never_taken_for_it()
    {
        await using var other = new QueueBed();
        await other.Queue.AddAsync(Mail.Some("smuggled"));
        var frames = other.Disk.Files[Segments(other.Disk).First()].Bytes.AsSpan(0, 2_000).ToArray();
        await using var bed = new QueueBed();
        await bed.Queue.AddAsync(Mail.To(frames, "bob@example.net"));
        await bed.Queue.AddAsync(Mail.Some("honest"));

        await bed.RestartAsync(disk =>
        {
            var changed = disk.AfterKill();
            changed.Corrupt(Segments(disk).First(), static bytes =>
            {
                bytes[SegmentHeader.Size + 9] ^= 1;
                return bytes;
            });
            return changed;
        });

        (await bed.Queue.DrainAsync()).Select(Mail.Text).ShouldBe(["honest"]);
    }

    [Fact]
    public async Task A_segment_of_another_queue_is_set_aside()
    {
        await using var other = new QueueBed();
        await other.Queue.AddAsync(Mail.Some("foreign"));
        await using var bed = new QueueBed();
        await bed.Queue.AddAsync(Mail.Some("own"));
        await bed.RestartAsync();
        var foreign = other.Disk.Files[Segments(other.Disk).First()].Bytes;

        await bed.RestartAsync(disk =>
        {
            var changed = disk.AfterKill();
            changed.Delete(Segment.NameOf(1));
            changed.Place(Segment.NameOf(1), foreign);
            changed.Place(Segment.NameOf(2), disk.Files[Segment.NameOf(2)].Bytes);
            return changed;
        });

        (await bed.Queue.DrainAsync()).Select(Mail.Text).ShouldNotContain("foreign");
        bed.Log.Text.ShouldContain("belongs to another queue");
    }

    [Fact]
    public async Task A_file_of_a_large_message_that_no_record_names_is_removed()
    {
        await using var bed = new QueueBed();
        await bed.Queue.AddAsync(Mail.Some("a"));

        await bed.RestartAsync(static disk =>
        {
            disk.Place("0123456789AB.message", new byte[10]);
            return disk;
        });

        bed.Disk.Exists("0123456789AB.message").ShouldBeFalse();
    }

    [Fact]
    public async Task A_queue_that_a_newer_release_wrote_is_refused_and_left_alone()
    {
        await using var bed = new QueueBed();
        await bed.Queue.AddAsync(Mail.Some("a"));
        await bed.Queue.DisposeAsync();
        var newer = bed.Disk.AfterKill();
        newer.Corrupt(Segments(newer).First(), static bytes =>
        {
            foreach (var copy in new[] { 0, 512 })
            {
                var header = bytes.AsSpan(copy, 76);
                header[8]++;
                BitConverter.TryWriteBytes(header[72..], Crc32C.Of(header[..72]));
            }

            return bytes;
        });
        var before = newer.Files.ToDictionary(static file => file.Key, static file => file.Value.Bytes.ToArray());

        var refusal = Should.Throw<QueueUnavailableException>(() => new QueueBed(disk: newer));

        refusal.Message.ShouldContain("newer release");
        newer.Files.Keys.ShouldBe(before.Keys);
        newer.Files.Values.Select(static file => Convert.ToHexString(file.Bytes)).ShouldBe(before.Values.Select(Convert.ToHexString));
    }

    private static IEnumerable<string> Segments(MemoryFolder disk) =>
        disk.Files.Where(static file => file.Key.EndsWith(Segment.Extension) && file.Value.Bytes.AsSpan().ContainsAnyExcept((byte)0))
            .Select(static file => file.Key).Order();

    private static int UsedLength(MemoryFolder disk, string name) => disk.Files[name].Bytes.AsSpan().LastIndexOfAnyExcept((byte)0) + 1;

    private static List<string> Survivors(MemoryFolder disk, CollectingLog? log = null)
    {
        var damaged = new DamagedFolder(disk, log ?? new CollectingLog());
        var recovered = new Recovery(disk, damaged, log ?? new CollectingLog()).Run();
        var reader = new MessageReader(disk, damaged);
        var texts = new List<string>();
        foreach (var entry in recovered.Entries)
        {
            if (reader.Read(entry, withOwnFile: true, out var message, out var content) is { } failure)
            {
                failure.IsDamage.ShouldBeTrue();
                continue;
            }

            message!.Envelope.Recipients.ShouldBe([new EnvelopeRecipient(Mail.Path("bob@example.net"))]);
            texts.Add(System.Text.Encoding.Latin1.GetString(content.Span));
        }

        return texts;
    }
}
