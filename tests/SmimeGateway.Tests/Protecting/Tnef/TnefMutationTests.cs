using System.Diagnostics;
using SmimeGateway.Mime;
using SmimeGateway.Protecting.Tnef;
using SmimeGateway.TestSupport;
using SmimeGateway.TestSupport.Tnef;

namespace SmimeGateway.Tests.Protecting.Tnef;

/// <summary>Damaged objects: each becomes a sound message, or leaves the one it was in as it is.</summary>
public sealed class TnefMutationTests
{
    private const long MostMemory = 100_000_000;

    // The corpus gave its two that took a gigabyte after two thousand. Many are read to the end, as the checksums are mended in two of three.
    private const int Runs = 10_000;

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(90);

    [Fact]
    public void No_damaged_object_breaks_the_gateway_or_takes_much_memory_or_loses_a_message()
    {
        var random = new Random(8);
        var seeds = Seeds();
        var running = Stopwatch.StartNew();
        var (converted, kept) = (0, 0);
        for (var run = 0; run < Runs && running.Elapsed < Longest; run++)
        {
            var mutated = Mutate(seeds[run % seeds.Count], random);
            var mail = TnefMail.Of(run % 3 == 0 ? mutated : TnefWriter.WithChecksums(mutated), "text");
            var entity = TnefMail.Read(mail);
            var before = GC.GetAllocatedBytesForCurrentThread();

            var conversion = TnefConversion.Of(entity, _ => true, MimeLimits.Standard, TimeProvider.System, CancellationToken.None);

            (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(MostMemory, $"run {run}");
            if (conversion.Message is { } message)
            {
                converted++;
                message.Raw.Span.StartsWith(entity.Header.Raw.Span).ShouldBeTrue($"run {run}");
                TnefMail.Leaves(message).ShouldNotBeEmpty($"run {run}");
            }
            else
            {
                kept++;
                conversion.Story.ShouldHaveSingleItem($"run {run}").ShouldNotContain("OutOfMemory");
            }
        }

        (converted + kept).ShouldBeGreaterThan(1000);
        converted.ShouldBeGreaterThan(100);
        kept.ShouldBeGreaterThan(100);
    }

    // Those that are largest are damaged as the others are, and take all the time.
    private static List<byte[]> Seeds()
    {
        var meeting = new TnefWriter().Message(
            TnefWriter.Text(0x001A, "IPM.Schedule.Meeting.Request"),
            TnefWriter.Binary(0x1009, TnefWriter.Unpacked("{\\rtf1\\fromhtml1 {\\*\\htmltag <p>}text{\\*\\htmltag </p>}}")),
            TnefWriter.Named(TnefIds.Appointment, 0x820D, TnefWriter.Moment(0, new DateTime(2026, 12, 1, 9, 0, 0, DateTimeKind.Utc))),
            TnefWriter.Named(TnefIds.Meeting, 0x23, TnefWriter.Binary(0, [1, 2, 3, 4])));
        List<byte[]> seeds = [meeting.File("a.txt", "text"u8.ToArray()).Embedded(new TnefWriter().Note("inner").File("b.txt", [1, 2]).ToArray()).ToArray()];
        if (Corpora.Folder("tnef") is { } folder)
        {
            seeds.AddRange(Directory.GetFiles(folder, "*.tnef").Order(StringComparer.Ordinal).Select(File.ReadAllBytes).Where(octets => octets.Length < 40_000));
        }

        return seeds;
    }

    private static byte[] Mutate(byte[] seed, Random random)
    {
        var mutated = new List<byte>(seed);
        for (var changes = random.Next(1, 6); changes > 0; changes--)
        {
            // What comes first says how the rest is read.
            var at = random.Next(2) == 0 ? random.Next(Math.Min(mutated.Count, 600)) : random.Next(mutated.Count);
            switch (random.Next(6))
            {
                case 0:
                    mutated[at] = (byte)random.Next(256);
                    break;
                case 1:
                    mutated[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    mutated.RemoveRange(at, Math.Min(random.Next(1, 40), mutated.Count - at - 1));
                    break;
                case 3:
                    mutated.InsertRange(at, mutated.GetRange(at, Math.Min(random.Next(1, 200), mutated.Count - at)));
                    break;
                case 4:
                    for (var i = at; i < Math.Min(at + 4, mutated.Count); i++)
                    {
                        mutated[i] = i == at + 3 ? (byte)0x7F : (byte)0xFF;
                    }

                    break;
                default:
                    mutated.RemoveRange(Math.Max(at, 7), mutated.Count - Math.Max(at, 7));
                    break;
            }

            if (mutated.Count < 20)
            {
                break;
            }
        }

        return [.. mutated];
    }
}
