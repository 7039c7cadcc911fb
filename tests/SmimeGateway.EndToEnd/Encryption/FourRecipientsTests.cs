using System.Text.Json;

namespace SmimeGateway.EndToEnd.Encryption;

/// <summary>
/// What anna (To), bert (Cc), carl (To, without a certificate), dora and emil (blind) receive of one message under every whenMissing and
/// blindCopies. The script <c>four-recipients/run</c> sends and collects, openssl decrypts; what is right stands here.
/// </summary>
public sealed class FourRecipientsTests(FourRecipientsRun run) : IClassFixture<FourRecipientsRun>
{
    private static readonly string[] WhenMissing = ["reject", "defer", "bounce", "pass", "hold"];
    private static readonly string[] BlindCopies = ["separateEach", "separateTogether", "together"];

    public static TheoryData<string, string> Combinations
    {
        get
        {
            var combinations = new TheoryData<string, string>();
            foreach (var missing in WhenMissing)
            {
                foreach (var blind in BlindCopies)
                {
                    combinations.Add(missing, blind);
                }
            }

            return combinations;
        }
    }

    [Theory]
    [MemberData(nameof(Combinations))]
    public void Each_receives_what_the_rule_says_and_nobody_reads_what_is_for_others(string whenMissing, string blindCopies)
    {
        var combination = run.Find(whenMissing, blindCopies);

        List<string> expected = [];
        if (whenMissing is "bounce" or "pass" or "hold")
        {
            expected.AddRange(Encrypted(blindCopies));
        }

        expected.AddRange(whenMissing switch
        {
            "bounce" => ["alice gets a report: carl"],
            "pass" => ["carl reads plain text"],
            "hold" => ["carl: for alice carl"],
            _ => [],
        });
        combination.Messages.Select(Tell).Order().ShouldBe(expected.Order(), run.Output);
    }

    [Theory]
    [MemberData(nameof(Combinations))]
    public void The_client_hears_what_became_of_it(string whenMissing, string blindCopies)
    {
        var reply = run.Find(whenMissing, blindCopies).Reply;

        reply.ShouldStartWith(whenMissing switch { "reject" => "550 5.7.5", "defer" => "451 4.7.5", _ => "250 2.0.0" });
        if (whenMissing == "reject")
        {
            reply.ShouldContain("carl@partner.example");
            reply.ShouldNotContain("dora");
        }
    }

    [Theory]
    [MemberData(nameof(Combinations))]
    public void Nothing_names_a_blind_recipient(string whenMissing, string blindCopies)
    {
        var messages = run.Find(whenMissing, blindCopies).Messages;

        messages.ShouldAllBe(message => !message.Names.Contains("dora") && !message.Names.Contains("emil"));
    }

    [Theory]
    [MemberData(nameof(Combinations))]
    public void Only_carls_message_is_held_and_nothing_of_it_can_be_read_on_the_disk(string whenMissing, string blindCopies)
    {
        var queued = run.Find(whenMissing, blindCopies).Queued;

        queued.SelectMany(entry => entry.Recipients).ShouldBe(whenMissing == "hold" ? ["carl"] : []);
        run.PlainOnDisk.ShouldBeEmpty();
    }

    private static string[] Encrypted(string blindCopies) => blindCopies switch
    {
        "separateEach" => ["anna bert: for alice anna bert", "dora: for alice dora", "emil: for alice emil"],
        "separateTogether" => ["anna bert: for alice anna bert", "dora emil: for alice dora emil"],
        _ => ["anna bert dora emil: for alice anna bert dora emil"],
    };

    /// <summary>Who gets it, whom its recipient infos name, and, where that differs, who can decrypt it.</summary>
    private static string Tell(FourRecipientsMessage message)
    {
        var to = string.Join(' ', message.To);
        return message.Kind switch
        {
            "plain" => $"{to} reads plain text",
            "report" => $"{to} gets a report: {string.Join(' ', message.Failed)}",
            "encrypted" when message.RecipientInfos.SequenceEqual(message.Readers) => $"{to}: for {string.Join(' ', message.Readers)}",
            _ => JsonSerializer.Serialize(message),
        };
    }
}
