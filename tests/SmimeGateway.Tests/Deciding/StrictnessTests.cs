using System.Net;
using System.Text;
using SmimeGateway.Deciding;
using SmimeGateway.Deciding.Options;
using SmimeGateway.Mime;
using SmimeGateway.Smtp;

namespace SmimeGateway.Tests.Deciding;

public sealed class StrictnessTests
{
    private static readonly RuleOptions[] FromLooseToStrict =
    [
        new() { Name = "pass", Pass = true },
        new() { Name = "sign or pass", Sign = Sign(WhenCertificateMissing.Pass) },
        new() { Name = "sign or defer", Sign = Sign(WhenCertificateMissing.Defer) },
        new() { Name = "sign or reject", Sign = Sign(WhenCertificateMissing.Reject) },
        new() { Name = "sign again", Sign = Sign(WhenCertificateMissing.Reject), AlreadyProtected = AlreadyProtected.SignAgain },
        new() { Name = "encrypt or pass", Encrypt = Encrypt(WhenRecipientMissing.Pass) },
        new() { Name = "sign and encrypt or pass", Sign = Sign(WhenCertificateMissing.Pass), Encrypt = Encrypt(WhenRecipientMissing.Pass) },
        new() { Name = "sign surely and encrypt or pass", Sign = Sign(WhenCertificateMissing.Reject), Encrypt = Encrypt(WhenRecipientMissing.Pass) },
        new() { Name = "encrypt or hold", Encrypt = Encrypt(WhenRecipientMissing.Hold) },
        new() { Name = "encrypt or defer", Encrypt = Encrypt(WhenRecipientMissing.Defer) },
        new() { Name = "encrypt or bounce", Encrypt = Encrypt(WhenRecipientMissing.Bounce) },
        new() { Name = "encrypt or reject", Encrypt = Encrypt(WhenRecipientMissing.Reject) },
        new() { Name = "encrypt a hidden header or reject", Encrypt = Encrypt(WhenRecipientMissing.Reject) with { ProtectHeaders = true } },
        new() { Name = "sign, encrypt or reject", Sign = Sign(WhenCertificateMissing.Pass), Encrypt = Encrypt(WhenRecipientMissing.Reject) },
        new() { Name = "triple", Sign = Sign(WhenCertificateMissing.Pass), Encrypt = Encrypt(WhenRecipientMissing.Reject), Wrap = MessageWrap.Triple },
        new()
        {
            Name = "opaque triple", Sign = Sign(WhenCertificateMissing.Pass) with { Form = SignatureForm.Opaque },
            Encrypt = Encrypt(WhenRecipientMissing.Reject), Wrap = MessageWrap.Triple,
        },
    ];

    public static TheoryData<int, int> Pairs
    {
        get
        {
            var pairs = new TheoryData<int, int>();
            for (var loose = 0; loose < FromLooseToStrict.Length; loose++)
            {
                for (var strict = loose + 1; strict < FromLooseToStrict.Length; strict++)
                {
                    pairs.Add(loose, strict);
                }
            }

            return pairs;
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Of_two_authors_the_stricter_rule_holds_in_whichever_order_rules_and_authors_stand(int loose, int strict)
    {
        var (one, other) = (FromLooseToStrict[loose], FromLooseToStrict[strict]);
        foreach (var rules in new[] { Book(one, other), Book(other, one) })
        {
            Decide(rules, "0@a.example", "1@a.example").ShouldBe(other.Name);
            Decide(rules, "1@a.example", "0@a.example").ShouldBe(other.Name);
        }
    }

    [Fact]
    public void Of_rules_that_are_as_strict_as_each_other_the_first_holds_and_a_refusal_is_stricter_than_all()
    {
        var encrypt = Encrypt(WhenRecipientMissing.Reject);
        var rules = Book(new() { Name = "first", Encrypt = encrypt }, new() { Name = "second", Encrypt = encrypt });

        Decide(rules, "0@a.example", "1@a.example").ShouldBe("first");
        Decide(rules, "1@a.example", "0@a.example").ShouldBe("first");
        Decide(rules, "0@a.example", "stranger@a.example").ShouldBe(Decision.Otherwise);
    }

    // The rule at each place is for the author of that number.
    private static RuleBook Book(params RuleOptions[] rules) => new(
        [.. rules.Select((rule, number) => rule with { When = new RuleConditions { Sender = [$"{number}@a.example"] } })],
        WhenNoRuleMatches.Reject,
        new EncryptionOptions());

    private static string Decide(RuleBook rules, string author, string other)
    {
        Entity.TryParse(Encoding.ASCII.GetBytes("Subject: x\r\n\r\n"), MimeLimits.Standard, out var entity, out _).ShouldBeTrue();
        var facts = new MessageFacts(Path(author), "internal", IPAddress.Loopback, User: null, entity.Header) { OtherSenders = [Path(other)] };
        return rules.Decide(facts, Path("bob@b.example")).RuleName;
    }

    private static SignOptions Sign(WhenCertificateMissing missing) => new() { With = ["own"], WhenMissing = missing };

    private static EncryptOptions Encrypt(WhenRecipientMissing missing) => new() { To = ["folder"], WhenMissing = missing };

    private static MailPath Path(string address) => MailPath.TryParse(address, out var path) ? path : throw new ArgumentException(address);
}
