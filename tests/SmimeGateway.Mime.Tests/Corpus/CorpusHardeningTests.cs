using System.Buffers;
using SmimeGateway.Mime.Hardening;
using SmimeGateway.Mime.ProtectedForms;
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
            if (!TryHarden(file, split, out var part))
            {
                continue;
            }

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
            if (!TryHarden(file, split, out var once))
            {
                continue;
            }

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
            if (!TryHarden(file, split, out var part))
            {
                continue;
            }

            var composed = MultipartSigned.Compose(split.OuterFields, part, "sha-256", [1, 2, 3]);

            var signed = Read.Message(composed);
            MultipartSigned.TryRead(signed, out var signedPart, out var signature, out var fault).ShouldBeTrue($"{file}: {fault?.Reason}");
            signedPart.ToArray().ShouldBe(part.ToArray(), file);
            signature.ShouldBe([1, 2, 3]);
            signed.Header.Take(split.OuterFields.Count).Select(field => field.ToString()).ShouldBe(split.OuterFields.Select(field => field.ToString()));
        }
    }

    // What fits no clear signature is signed opaque, as it came.
    private static bool TryHarden(string file, SplitMessage split, out ReadOnlySequence<byte> part)
    {
        var isHard = TransitHardening.TryHarden(split, MimeLimits.Standard, out part, out var fault);
        (isHard || fault!.AllowsOpaque).ShouldBeTrue($"{file}: {fault?.Reason}");
        return isHard;
    }

    internal static IEnumerable<string> MailFiles() =>
        Directory.EnumerateFiles(Corpora.Folder("mime")!, "*", SearchOption.AllDirectories)
            .Where(file => Path.GetExtension(file) is ".eml" or ".msg");
}
