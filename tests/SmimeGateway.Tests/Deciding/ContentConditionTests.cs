using System.Net;
using System.Text;
using SmimeGateway.Deciding;
using SmimeGateway.Deciding.Options;
using SmimeGateway.Mime;
using SmimeGateway.Smtp;

namespace SmimeGateway.Tests.Deciding;

public sealed class ContentConditionTests
{
    private const string Calendar = "Content-Type: text/calendar; charset=\"utf-8\"; method=REQUEST\r\n\r\nBEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n";

    [Theory]
    [InlineData("Content-Type: TEXT/Calendar\r\n\r\n(x)", true)]
    [InlineData("(calendar)", true)]
    [InlineData("Content-Type: multipart/alternative;\r\n\tboundary=\"a\"\r\n\r\n--a\r\nContent-Type: text/plain\r\n\r\nx\r\n--a\r\n(calendar)--a--\r\n", true)]
    [InlineData("Content-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\nContent-Type: multipart/alternative; boundary=a\r\n\r\n--a\r\n\r\nx\r\n--a\r\n(calendar)--a--\r\n--m\r\nContent-Type: application/ics\r\n\r\nx\r\n--m--\r\n", true)]
    [InlineData("Content-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\nContent-Type: message/rfc822\r\n\r\nSubject: x\r\n(calendar)--m--\r\n", true)]
    [InlineData("Content-Type: text/plain\r\n\r\nContent-Type: text/calendar\r\n", false)]
    [InlineData("\r\n(calendar)", false)]
    [InlineData("Content-Type: application/ics; name=text/calendar\r\n\r\n", false)]
    [InlineData("Content-Type: multipart/mixed; boundary=m\r\n\r\n(calendar)--m\r\n\r\nx\r\n--m--\r\n(calendar)", false)]
    public void A_part_is_found_wherever_it_sits(string content, bool isFound)
    {
        var book = Book(pattern: "text/calendar*");

        Decide(book, content.Replace("(calendar)", Calendar, StringComparison.Ordinal)).ShouldBe(isFound ? "calendar" : "sign");
    }

    public static TheoryData<string, string> UnreadableTrees => new()
    {
        { "nested beyond the limit", Nested(60) },
        { "no boundary", $"Content-Type: multipart/mixed\r\n\r\n--m\r\n{Calendar}--m--\r\n" },
        { "another boundary", $"Content-Type: multipart/mixed; boundary=n\r\n\r\n--m\r\n{Calendar}--m--\r\n" },
        { "two types", "Content-Type: text/plain\r\n" + Calendar },
        { "two types, the other way round", "Content-Type: text/calendar\r\nContent-Type: text/plain\r\n\r\nx\r\n" },
        { "a part that begins with a line of blanks", Part(" \r\nContent-Type: application/pdf\r\n\r\nx") },
        { "a part that begins with a line that is no field", Part("junk\r\nContent-Type: application/pdf\r\n\r\nx") },
        { "a line that is no field before the type", "junk\r\nContent-Type: application/pdf\r\n\r\nx\r\n" },
        { "a line that is no field among others", Part("X-A: b\r\njunk\r\nContent-Type: application/pdf\r\n\r\nx") },
        { "a control behind the type", Part("Content-Type: application/pdf\v\r\n\r\nx") },
        { "a control before the type", Part("Content-Type: \u0001application/pdf\r\n\r\nx") },
        { "a control in the name", Part("Content-\u0001Type: application/pdf\r\n\r\nx") },
        { "the name folded away from its colon", Part("Content-Type\r\n : application/pdf\r\n\r\nx") },
        { "a separator before the type", Part("Content-Type: ;application/pdf\r\n\r\nx") },
        { "a no-break space before the type", Part("Content-Type: \u00A0application/pdf\r\n\r\nx") },
        { "a comment in the type", Part("Content-Type: application(/)/pdf\r\n\r\nx") },
        { "a quoted type", Part("Content-Type: \"application/pdf\"\r\n\r\nx") },
        { "more than a type", Part("Content-Type: text/plain application/pdf\r\n\r\nx") },
        { "no subtype", Part("Content-Type: application\r\n\r\nx") },
        { "a piece of a message", Part("Content-Type: message/partial; id=a; number=1; total=2\r\n\r\nx") },
        { "a part that is elsewhere", Part("Content-Type: message/external-body; access-type=URL\r\n\r\nContent-Type: application/pdf\r\n\r\n") },
        { "two boundaries", $"Content-Type: multipart/mixed; boundary=m; boundary=n\r\n\r\n--m\r\n\r\nx\r\n--m--\r\n--n\r\n{Calendar}--n--\r\n" },
        { "an encoded multipart", "Content-Type: multipart/mixed; boundary=m\r\nContent-Transfer-Encoding: base64\r\n\r\n--m\r\n\r\nx\r\n--m--\r\n" },
        { "too many parts", $"Content-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\n{Calendar}{string.Concat(Enumerable.Repeat("--m\r\n\r\n", 10_001))}--m--\r\n" },
    };

    [Theory]
    [MemberData(nameof(UnreadableTrees))]
    public void Where_the_parts_cannot_be_told_only_encryption_applies(string tree, string content)
    {
        Decide(Book(pattern: "text/calendar*"), content).ShouldBe("sign", tree);
        Decide(Book(pattern: "text/calendar*", encrypts: true), content).ShouldBe("calendar", tree);
        Decide(Book(pattern: "application/pdf", encrypts: true), content).ShouldBe("calendar", tree);
    }

    [Fact]
    public void Explain_says_that_the_parts_decided()
    {
        var rules = Book(pattern: "text/calendar*").Explain(Facts("Content-Type: text/plain\r\n\r\nx\r\n"), Recipient());

        rules.Select(entry => entry.Mismatch).ShouldBe([RuleMismatch.Content, RuleMismatch.None]);
    }

    private static string Part(string part) => $"Content-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\n{part}\r\n--m--\r\n";

    private static string Nested(int depth)
    {
        var content = Calendar;
        for (var i = 0; i < depth; i++)
        {
            content = $"Content-Type: multipart/mixed; boundary=b{i}\r\n\r\n--b{i}\r\n{content}\r\n--b{i}--\r\n";
        }

        return content;
    }

    private static RuleBook Book(string pattern, bool encrypts = false) => new(
        [
            new RuleOptions
            {
                Name = "calendar",
                When = new RuleConditions { Content = [pattern] },
                Pass = !encrypts,
                Encrypt = encrypts ? new EncryptOptions { To = ["folder"] } : null,
            },
            new RuleOptions { Name = "sign", Sign = new SignOptions { With = ["own"] } },
        ],
        WhenNoRuleMatches.Pass,
        new EncryptionOptions());

    private static string Decide(RuleBook book, string content) => book.Decide(Facts(content), Recipient()).RuleName;

    private static MessageFacts Facts(string content)
    {
        Entity.TryParse(Encoding.UTF8.GetBytes("From: a@example.com\r\n" + content), MimeLimits.Standard, out var entity, out _).ShouldBeTrue();
        return new MessageFacts(Recipient(), "internal", IPAddress.Loopback, User: null, entity!.Header) { Message = entity };
    }

    private static MailPath Recipient()
    {
        MailPath.TryParse("b@example.net", out var path).ShouldBeTrue();
        return path!;
    }
}
