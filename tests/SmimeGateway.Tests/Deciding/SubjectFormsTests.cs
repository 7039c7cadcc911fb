using System.Net;
using System.Text;
using SmimeGateway.Deciding;
using SmimeGateway.Deciding.Options;
using SmimeGateway.Deciding.Patterns;
using SmimeGateway.Mime;
using SmimeGateway.Smtp;

namespace SmimeGateway.Tests.Deciding;

/// <summary>One subject, "[grün] Plan", in the forms in which programs and people write it.</summary>
public sealed class SubjectFormsTests
{
    private static readonly string[] Patterns = ["[grün]*", " [GRÜN]*", "\u00A0\u200B[gru\u0308n]*", "*[GR\u00ADü\uFEFFn]*", "[grün]\u00A0plan"];

    /// <summary>Header fields; octets over 127 are UTF-8 where the form does not say otherwise.</summary>
    public static TheoryData<string, string> Forms => new()
    {
        { "as it is", "Subject: [grün] Plan" },
        { "capitals", "SUBJECT: [GRÜN] PLAN" },
        { "a blank before the colon", "Subject : [grün] Plan" },
        { "more blanks", "Subject:    [grün]    Plan  " },
        { "no blank", "Subject:[grün] Plan" },
        { "a tab", "Subject:\t[grün]\tPlan" },
        { "folded at the start", "Subject:\r\n [grün] Plan" },
        { "folded behind the word", "Subject: [grün]\r\n\tPlan" },
        { "decomposed", "Subject: [gru\u0308n] Plan" },
        { "encoded", "Subject: =?utf-8?Q?[gr=C3=BCn]_Plan?=" },
        { "encoded in base64", $"Subject: {Word("[grün] Plan")}" },
        { "encoded without padding", $"Subject: {Word("[grün] Plan").Replace("=?=", "?=", StringComparison.Ordinal)}" },
        { "encoded with blanks", "Subject: =?utf-8?Q?[gr=C3=BCn] Plan?=" },
        { "encoded with a language", "Subject: =?UTF-8*de?q?[gr=c3=bcn]_Plan?=" },
        { "encoded in Latin-1", "Subject: =?iso-8859-1?Q?=5Bgr=FCn=5D?= Plan" },
        { "encoded in a charset of Windows", "Subject: =?Windows-1252?B?W2dy/G5dIFBsYW4=?=" },
        { "encoded in UTF-16", $"Subject: =?utf-16be?B?{Convert.ToBase64String(Encoding.BigEndianUnicode.GetBytes("[grün] Plan"))}?=" },
        { "encoded in a charset nobody knows", "Subject: =?x-unknown?Q?[gr=C3=BCn]_Plan?=" },
        { "words split", "Subject: =?utf-8?Q?[gr?= =?utf-8?Q?=C3=BCn?=\r\n =?utf-8?Q?]_Plan?=" },
        { "characters split", "Subject: =?utf-8?Q?[gr=C3?=\r\n =?utf-8?Q?=BCn]_Plan?=" },
        { "words of two charsets", "Subject: =?iso-8859-1?Q?[gr=FC?= =?utf-8?Q?n]_Plan?=" },
        { "a word glued to the next", "Subject: =?utf-8?Q?[gr=C3=BCn]_?=Plan" },
        { "a blank inside of the encoding", "Subject: =?utf-8?Q?_[gr=C3=BCn]_Plan?=" },
        { "a line end inside of the encoding", "Subject: =?utf-8?Q?=0D=0A[gr=C3=BCn]_Plan?=" },
        { "decomposed and encoded", $"Subject: {Word("[gru\u0308n] Plan")}" },
        { "a no-break space before", $"Subject: {Word("\u00A0[grün]\u00A0Plan")}" },
        { "an ideographic space before", $"Subject: {Word("\u3000[grün] Plan\u3000")}" },
        { "a byte order mark before", $"Subject: {Word("\uFEFF[grün] Plan")}" },
        { "a zero-width space before", $"Subject: {Word("\u200B[grün] Plan")}" },
        { "zero-width joiners inside", $"Subject: {Word("[g\u200Dr\u200Cü\u2060n] Plan")}" },
        { "a soft hyphen inside", $"Subject: {Word("[grü\u00ADn] Plan")}" },
        { "marks of direction around", $"Subject: {Word("\u202A\u2068[grün]\u2069\u202C Plan\u200E")}" },
        { "a joiner between a letter and its mark", $"Subject: {Word("[gru\u034F\u0308n] Plan")}" },
        { "controls", $"Subject: {Word("\u0001[gr\u007Fün]\u0085 Plan")}" },
        { "selectors and tags", $"Subject: {Word("[\uFE0Fgrün\U000E0067] Plan")}" },
        { "invisible and not encoded", "Subject: \u200B[gr\u00ADün]\u00A0Plan" },
        { "the second of two", "Subject: Hello\r\nSubject: [grün] Plan" },
        { "the first of two", "Subject: [grün] Plan\r\nSubject:" },
    };

    [Theory]
    [MemberData(nameof(Forms))]
    public void A_rule_that_encrypts_applies_to_every_form_of_its_subject(string form, string header)
    {
        foreach (var pattern in Patterns)
        {
            Decide(header, pattern).Encrypt.ShouldNotBeNull($"{form}, {pattern}");
        }
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Recipients_do_not_see_the_word_in_any_form(string form, string header)
    {
        foreach (var pattern in Patterns[..^1])
        {
            var left = new TriggerRemoval(new RuleConditions { Subject = [pattern] }).Remove(Fields(header));

            left.ShouldAllBe(field => field.Name.Length > 0);
            left.Select(field => ComparedText.Of(field.Text)).Where(text => text.Length > 0 && text != "hello").ShouldHaveSingleItem()
                .ShouldBe("plan", $"{form}, {pattern}");
            SecondReader(left).ShouldNotContain("gr", Case.Insensitive, $"{form}, {pattern}");
        }
    }

    [Theory]
    [InlineData("junk\r\nSubject: [secure] x")]
    [InlineData("Subject: a\r\njunk\r\nSubject: [secure] x")]
    [InlineData("Sub\u0001ject: [secure] x")]
    [InlineData("Subject\r\n : [secure] x")]
    [InlineData("\u00A0Subject: [secure] x")]
    [InlineData("Subject: =?utf-7?Q?+AFs-secure+AF0-?= x")]
    [InlineData("Subject: =?unicode-1-1-utf-7?Q?+AFs-secure+AF0-?= x")]
    [InlineData("Subject: =?utf-16?B?/v8AWwBzAGUAYwB1AHIAZQBd?= x")]
    [InlineData("Subject: =?utf-16le?B?/v8AWwBzAGUAYwB1AHIAZQBd?= x")]
    [InlineData("Subject: =?cp037?B?uqKFg6SZhbs=?= x")]
    [InlineData("Subject: =?utf-8?Q?[secure=5?= =?utf-8?Q?D?= x")]
    [InlineData("Subject: =?utf-8?B?W3N?= =?utf-8?B?lY3VyZV0=?= x")]
    [InlineData("Subject: =?utf-8?Q?[secure]_Ready??=")]
    [InlineData("Subject: =?utf-8?Q?[secure] why??=")]
    [InlineData("Subject: =?utf-8?Q?=5Bsecure=5D_what?_really?=")]
    [InlineData("Subject: =?utf-8?Q?_=5Bsecure=5D_Ready??= =?utf-8?Q?_now?=")]
    [InlineData("Subject: =?utf-8?B??W3NlY3VyZV0gb2ZmZXI=?=")]
    [InlineData("Subject: =?iso8859-1?Q?=5Bsecure=5D=20off=?utf-8?b??=er?=")]
    [InlineData("Subject: =?\"utf-8\"?B?W3NlY3VyZV0gb2ZmZXI=?=")]
    [InlineData("Subject: =? utf-8?B?W3NlY3VyZV0gb2ZmZXI=?=")]
    [InlineData("Subject: =?utf-8 ?B?W3NlY3VyZV0gb2ZmZXI=?=")]
    [InlineData("Subject: =?(c)utf-8?B?W3NlY3VyZV0gb2ZmZXI=?=")]
    [InlineData("Subject: =?utf-8? b ?W3NlY3VyZV0gb2ZmZXI=?=")]
    [InlineData("Subject: =?utf-8?Q?=5Bsecure=5D_offer")]
    [InlineData("Subject: =?shift_jis?Q?=5Bsecu\u00ADre=5D=20offer?=")]
    [InlineData("Subject: =?utf-8?B?W3NlY3VyZV0*gb2ZmZXI=?=")]
    [InlineData("Subject: =?utf-8?Q?=5Bsecure=5d=2_offer?=")]
    public void What_somebody_may_read_as_the_subject_makes_a_rule_apply_that_encrypts(string header)
    {
        Decide(header, "[secure]*").Encrypt.ShouldNotBeNull();
        Rule(new RuleConditions { Header = new Dictionary<string, IReadOnlyList<string>> { ["subject"] = ["[secure]*"] } })
            .Decide(Facts(Read(Encoding.UTF8.GetBytes(header + "\r\n\r\n"))), Recipient()).Encrypt.ShouldNotBeNull();
    }

    [Theory]
    [InlineData("Subject: x [secure]")]
    [InlineData("Subject: =?utf-8?Q?x=5Bsecure=5D?= =?gb2312?B?xOO6ww==?= =?shift_jis?B?g0E=?= =?iso-2022-jp?B?GyRCJCIbKEI=?=")]
    [InlineData("Subject: a =? b ?= c =?utf-8?X?y?=")]
    [InlineData("Subject: hello\r\n\r\nSubject: [secure] x")]
    [InlineData("X-Subject: [secure] x")]
    public void Other_subjects_make_none_apply(string header) => Decide(header, "[secure]*").Encrypt.ShouldBeNull();

    [Fact]
    public void Latin_1_that_is_not_encoded_is_read_too()
    {
        var raw = Encoding.Latin1.GetBytes("Subject: [gr\u00FCn] Plan\r\n\r\n");

        Decide(raw, "[grün]*").Encrypt.ShouldNotBeNull();
    }

    [Fact]
    public void Of_several_subjects_a_rule_that_does_not_encrypt_asks_all()
    {
        var rules = new RuleBook(
            [
                new RuleOptions { Name = "exempt", When = new RuleConditions { Subject = ["[free]*"] }, Pass = true },
                new RuleOptions { Name = "secure", When = new RuleConditions { Subject = ["[secure]*"] }, Encrypt = new EncryptOptions { To = ["folder"] } },
            ],
            WhenNoRuleMatches.Pass,
            new EncryptionOptions());

        Name("Subject: [free] x\r\nSubject: [secure] x").ShouldBe("secure");
        Name("Subject: [secure] x\r\nSubject: [free] x").ShouldBe("secure");
        Name("Subject: [free] x\r\nSubject: [free] y").ShouldBe("exempt");
        Name("Subject: [free] x").ShouldBe("exempt");

        string Name(string header) => rules.Decide(Facts(Read(Encoding.UTF8.GetBytes(header + "\r\n\r\n"))), Recipient()).RuleName;
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Header_conditions_compare_values_as_subjects_are_compared(string form, string header)
    {
        var rule = Rule(new RuleConditions { Header = new Dictionary<string, IReadOnlyList<string>> { ["subject"] = [" [gr\u200Bün]*"] } });

        rule.Decide(Facts(Read(Encoding.UTF8.GetBytes(header + "\r\n\r\n"))), Recipient()).Encrypt.ShouldNotBeNull(form);
    }

    private static string Word(string text) => $"=?utf-8?B?{Convert.ToBase64String(Encoding.UTF8.GetBytes(text))}?=";

    private static Decision Decide(string header, string pattern) => Decide(Encoding.UTF8.GetBytes(header + "\r\n\r\n"), pattern);

    private static Decision Decide(byte[] message, string pattern) => Rule(new RuleConditions { Subject = [pattern] }).Decide(Facts(Read(message)), Recipient());

    private static RuleBook Rule(RuleConditions when) => new(
        [new RuleOptions { Name = "secure", When = when, Encrypt = new EncryptOptions { To = ["folder"] } }], WhenNoRuleMatches.Pass, new EncryptionOptions());

    private static MessageFacts Facts(Entity message) =>
        new(Recipient(), "internal", IPAddress.Loopback, User: null, message.Header) { Message = message };

    private static MailPath Recipient()
    {
        MailPath.TryParse("b@example.net", out var path).ShouldBeTrue();
        return path!;
    }

    private static Entity Read(byte[] message)
    {
        Entity.TryParse(message, MimeLimits.Standard, out var entity, out _).ShouldBeTrue();
        return entity!;
    }

    private static IReadOnlyList<HeaderField> Fields(string header) => [.. Read(Encoding.UTF8.GetBytes(header + "\r\n\r\n")).Header];

    // Another program reads what is left.
    private static string SecondReader(IReadOnlyList<HeaderField> fields)
    {
        using var stream = new MemoryStream([.. fields.SelectMany(field => field.Raw.ToArray()), .. "\r\n"u8]);
        return string.Join('\n', MimeKit.MimeMessage.Load(stream).Headers.Select(header => header.Value));
    }
}
