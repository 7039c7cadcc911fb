using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;
using SmimeGateway.Mime.Hardening;
using SmimeGateway.Mime.ProtectedHeaders;
using SmimeGateway.Mime.Tests.Corpus;
using SmimeGateway.Mime.Tests.Hardening;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Mime.Tests.Judges;

public sealed class HardeningJudgesTests
{
    private const int Messages = 10_000;

    private static readonly Regex IsOfPeople = new("^1 (from|sender|reply-to|to|cc|subject|message-id) ", RegexOptions.IgnoreCase);

    private static readonly Regex HeaderWord = new(@"(, )?\[""hp"", ""(clear|cipher)""\]|;?\bhp=(clear|cipher)", RegexOptions.IgnoreCase);

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

    [Fact]
    public async Task Two_foreign_readers_read_in_a_protected_header_the_people_and_the_subject_that_were_outside()
    {
        var pairs = new List<(string Name, byte[] Before, byte[] After)>();
        for (var seed = 0; seed < Messages / 5; seed++)
        {
            var message = Encoding.Latin1.GetBytes(new RandomHeader(new Random(seed)).OfMessage() + "\r\nx\r\n");
            var split = ContentSplit.Split(Read.Message(message));
            pairs.Add(($"seed {seed}, encrypted", Enclosed(message), Enclosed(HeaderProtection.ForEncrypted(split, legacyDisplay: false).Content.ToArray())));
            if (TransitHardening.TryHarden(HeaderProtection.ForSigned(split), MimeLimits.Standard, out var part, out _))
            {
                pairs.Add(($"seed {seed}, signed", Enclosed(message), Enclosed(part.ToArray())));
            }
        }

        (await DifferencesAsync(pairs, IsOfPeople.IsMatch)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Two_foreign_readers_read_in_a_content_that_says_its_header_is_protected_what_they_read_before_whatever_its_type_looks_like()
    {
        var pairs = new List<(string Name, byte[] Before, byte[] After)>();
        for (var seed = 0; seed < Messages / 5; seed++)
        {
            var split = ContentSplit.Split(Read.Message(seed % 4 == 0 ? RandomMail.Write(seed) : RandomMail.WriteWithOddType(seed)));
            if (Mime.ProtectedHeaders.CryptographicLayers.Is(Entity.Assemble(split.ContentFields, split.Body, MimeLimits.Standard)))
            {
                continue;
            }

            Add($"seed {seed}, not protected", split, HeaderProtection.None(split));
            Add($"seed {seed}, signed", split, HeaderProtection.ForSigned(split));
            Add($"seed {seed}, encrypted", split, HeaderProtection.ForEncrypted(split, legacyDisplay: false));
        }

        (await DifferencesAsync(pairs, words: Words)).ShouldBeEmpty();
        pairs.Count(pair => IsEnclosed(pair.Before, pair.After)).ShouldBeInRange(pairs.Count / 4, 3 * pairs.Count / 4);

        void Add(string name, SplitMessage before, SplitMessage protectedOne)
        {
            var after = TransitHardening.TryHarden(protectedOne, MimeLimits.Standard, out var part, out _) ? part : protectedOne.Content;
            pairs.Add((name, before.Content.ToArray(), after.ToArray()));
        }
    }

    // What is enclosed is read as the only part; and the word itself is not what was read before.
    private static string[] Words(byte[] before, byte[] after, string[] lines) =>
    [
        .. (IsEnclosed(before, after) ? lines.Where(line => line.StartsWith("1.1", StringComparison.Ordinal)).Select(line => "1" + line[3..]) : lines)
            .Select(line => line.StartsWith("1 ", StringComparison.Ordinal) ? HeaderWord.Replace(line, string.Empty).Replace("[, ", "[", StringComparison.Ordinal).Replace(" ;", " ", StringComparison.Ordinal) : line),
    ];

    private static bool IsEnclosed(byte[] before, byte[] after)
    {
        var boundary = Read.Message(after).Boundary;
        return boundary.Length > 8 && before.AsSpan().IndexOf(boundary) < 0;
    }

    private static byte[] Enclosed(byte[] message) => [.. "Content-Type: message/rfc822\r\n\r\n"u8, .. message];

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

    private static async Task<string> DifferencesAsync(
        List<(string Name, byte[] Before, byte[] After)> hardened, Func<string, bool>? counts = null, Func<byte[], byte[], string[], string[]>? words = null)
    {
        var changed = hardened.Where(mail => !mail.Before.AsSpan().SequenceEqual(mail.After)).ToList();
        changed.ShouldNotBeEmpty();
        var python = await PythonReading.OfAsync([.. changed.Select(mail => mail.Before), .. changed.Select(mail => mail.After)]);
        python.Count.ShouldBe(2 * changed.Count);

        var differences = new StringBuilder();
        for (var i = 0; i < changed.Count; i++)
        {
            var (name, before, after) = changed[i];
            Compare($"{name}, Python", Counted(python[i], before, before), Counted(python[changed.Count + i], before, after), differences);
            Compare($"{name}, MimeKit", Counted(MimeKitReading.Of(before), before, before), Counted(MimeKitReading.Of(after), before, after), differences);
        }

        return differences.ToString();

        string[] Counted(string[] lines, byte[] before, byte[] read)
        {
            var kept = words is null ? lines : words(before, read, lines);
            return counts is null ? kept : [.. kept.Where(counts)];
        }
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
