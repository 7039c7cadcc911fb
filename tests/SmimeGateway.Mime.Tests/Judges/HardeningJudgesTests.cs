using System.Buffers;
using System.Text;
using SmimeGateway.Mime.Tests.Corpus;
using SmimeGateway.Mime.Tests.Hardening;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Mime.Tests.Judges;

public sealed class HardeningJudgesTests
{
    private const int Messages = 10_000;

    [Fact]
    public async Task Two_foreign_readers_read_in_ten_thousand_hardened_messages_what_they_read_before()
    {
        var hardened = Hardened(Enumerable.Range(0, Messages).Select(seed => ($"seed {seed}", RandomMail.Write(seed))));

        (await DifferencesAsync(hardened)).ShouldBeEmpty();
        // What cannot be hardened is the exception even among these.
        hardened.Count.ShouldBeGreaterThan(Messages / 2);
    }

    [CorpusFact("mime")]
    public async Task Two_foreign_readers_read_in_hardened_strangers_mail_what_they_read_before()
    {
        var cases = Path.Combine(Corpora.Folder("mime")!, "..", "..", "cases");
        var files = CorpusHardeningTests.MailFiles().Concat(Directory.EnumerateFiles(cases, "*.eml", SearchOption.AllDirectories));

        var hardened = Hardened(files.Select(file => (Path.GetFileName(file), Corpora.ReadMail(file))));

        (await DifferencesAsync(hardened)).ShouldBeEmpty();
        hardened.Count.ShouldBeGreaterThan(100);
    }

    // What fits no clear signature is signed as it came, so there is nothing to compare.
    private static List<(string Name, byte[] Before, byte[] After)> Hardened(IEnumerable<(string Name, byte[] Message)> messages)
    {
        var hardened = new List<(string, byte[], byte[])>();
        foreach (var (name, message) in messages)
        {
            var split = ContentSplit.Split(Read.Message(message));
            if (TransitHardening.TryHarden(split, MimeLimits.Standard, out var part, out var fault))
            {
                TransitRules.Violations(part).ShouldBeEmpty(name);
                hardened.Add((name, split.Content.ToArray(), part.ToArray()));
            }
            else
            {
                fault.AllowsOpaque.ShouldBeTrue($"{name}: {fault.Reason}");
            }
        }

        return hardened;
    }

    private static async Task<string> DifferencesAsync(List<(string Name, byte[] Before, byte[] After)> hardened)
    {
        var changed = hardened.Where(mail => !mail.Before.AsSpan().SequenceEqual(mail.After)).ToList();
        changed.ShouldNotBeEmpty();
        var python = await PythonReading.OfAsync([.. changed.Select(mail => mail.Before), .. changed.Select(mail => mail.After)]);
        python.Count.ShouldBe(2 * changed.Count);

        var differences = new StringBuilder();
        for (var i = 0; i < changed.Count; i++)
        {
            var (name, before, after) = changed[i];
            Compare($"{name}, Python", python[i], python[changed.Count + i], differences);
            Compare($"{name}, MimeKit", MimeKitReading.Of(before), MimeKitReading.Of(after), differences);
        }

        return differences.ToString();
    }

    private static void Compare(string name, string[] before, string[] after, StringBuilder differences)
    {
        // A failure is read by people, who mend one at a time.
        if (!before.SequenceEqual(after) && differences.Length < 20_000)
        {
            differences.AppendLine(name)
                .AppendJoin('\n', before.Except(after).Select(line => "  was " + line)).AppendLine()
                .AppendJoin('\n', after.Except(before).Select(line => "  is  " + line)).AppendLine();
        }
    }
}
