using System.Buffers;
using SmimeGateway.Mime.Tests.Hardening;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Mime.Tests.Corpus;

public sealed class CorpusHardeningTests
{
    [CorpusFact("mime")]
    public void Every_hardened_message_survives_transit_and_decodes_to_the_same_leaves()
    {
        var problems = new List<string>();

        foreach (var file in MailFiles())
        {
            var split = ContentSplit.Split(Read.Message(Corpora.ReadMail(file)));
            var before = Leaves.Of(Read.Message(split.Content.ToArray()));
            TransitHardening.TryHarden(split, MimeLimits.Standard, out var part, out _).ShouldBeTrue();
            var after = Leaves.Of(Read.Message(part.ToArray()));
            problems.AddRange(TransitRules.Violations(part).Select(violation => $"{file}: {violation}"));
            problems.AddRange(before.Except(after).Select(leaf => $"{file}: lost {leaf[..Math.Min(300, leaf.Length)]}"));
            problems.AddRange(after.Except(before).Select(leaf => $"{file}: appeared {leaf[..Math.Min(300, leaf.Length)]}"));
        }

        problems.ShouldBeEmpty(string.Join('\n', problems));
    }

    [CorpusFact("mime")]
    public void Hardening_what_is_hardened_changes_nothing()
    {
        foreach (var file in MailFiles())
        {
            var split = ContentSplit.Split(Read.Message(Corpora.ReadMail(file)));
            TransitHardening.TryHarden(split, MimeLimits.Standard, out var once, out _).ShouldBeTrue();
            var again = ContentSplit.Split(Read.Message(once.ToArray()));

            TransitHardening.TryHarden(again, MimeLimits.Standard, out var twice, out _).ShouldBeTrue();

            twice.ToArray().ShouldBe(once.ToArray(), file);
        }
    }

    [CorpusFact("mime")]
    public void Every_message_signed_clear_gives_back_its_part_and_signature()
    {
        foreach (var file in MailFiles())
        {
            var split = ContentSplit.Split(Read.Message(Corpora.ReadMail(file)));
            TransitHardening.TryHarden(split, MimeLimits.Standard, out var part, out _).ShouldBeTrue();

            var composed = MultipartSigned.Compose(split.OuterFields, part, "sha-256", [1, 2, 3]);

            var signed = Read.Message(composed);
            MultipartSigned.TryRead(signed, out var signedPart, out var signature, out var fault).ShouldBeTrue($"{file}: {fault?.Reason}");
            signedPart.ToArray().ShouldBe(part.ToArray(), file);
            signature.ShouldBe([1, 2, 3]);
            signed.Header.Take(split.OuterFields.Count).Select(field => field.ToString()).ShouldBe(split.OuterFields.Select(field => field.ToString()));
        }
    }

    internal static IEnumerable<string> MailFiles() =>
        Directory.EnumerateFiles(Corpora.Folder("mime")!, "*", SearchOption.AllDirectories)
            .Where(file => Path.GetExtension(file) is ".eml" or ".msg");
}
