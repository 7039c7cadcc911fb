using System.Text;
using SmimeGateway.Deciding;
using SmimeGateway.Deciding.Options;
using SmimeGateway.Deciding.Patterns;
using SmimeGateway.Mime;

namespace SmimeGateway.Tests.Deciding;

public sealed class TriggerRemovalTests
{
    [Theory]
    [InlineData("[secure]*", "[secure] hello", "hello")]
    [InlineData("[secure]*", "[SECURE]   hello", "hello")]
    [InlineData("[secure]*", "[secure]hello", "hello")]
    [InlineData("[secure]*", "[secure]", "")]
    [InlineData("[secure]*", "Re: [secure] hello", "Re: [secure] hello")]
    [InlineData("[secure]*", "hello", "hello")]
    [InlineData("*[secure]*", "Re: [secure] hello", "Re: hello")]
    [InlineData("*[secure]*", "Re:[secure] hello", "Re: hello")]
    [InlineData("*[secure]*", "Re: hello [secure]", "Re: hello")]
    [InlineData("*[secure]*", "a [secure] b [secure] c", "a b [secure] c")]
    [InlineData("*[secure]", "hello [secure]", "hello")]
    [InlineData("*[secure]", "[secure] hello [secure]", "[secure] hello")]
    [InlineData("*#secure#*", "hello #Secure# there", "hello there")]
    [InlineData("*#secure#*", "hello#secure#there", "hellothere")]
    [InlineData("*#secure#*", "hello#secure# there", "hello there")]
    [InlineData("secure: *", "Secure: hello", "hello")]
    [InlineData("secure: *", "secure:hello", "secure:hello")]
    [InlineData("* secure*", "a secure b", "a b")]
    [InlineData("top secret", "Top Secret", "")]
    [InlineData("top secret", "top secret plan", "top secret plan")]
    [InlineData("[level ?]*", "[level 3] plan", "plan")]
    [InlineData("?secure?*", "(secure) plan", "() plan")]
    [InlineData("*<a>*<b>*", "x <a> y <b> z", "x y z")]
    [InlineData("<a>*<b>", "<a> <b>", "")]
    [InlineData("<a>*<b>", "<a>y<b>", "y")]
    [InlineData("*", "hello", "hello")]
    [InlineData("?*", "hello", "hello")]
    [InlineData("gr\u00DCn*", "Gr\u00FCn hello", "hello")]
    [InlineData("*a*ab", "aab", "")]
    public void The_words_of_the_pattern_go_and_what_stars_stand_for_stays(string pattern, string subject, string expected)
    {
        var removal = new TriggerRemoval(new RuleConditions { Subject = [pattern] });
        foreach (var written in new[] { subject, $"=?utf-8?B?{Convert.ToBase64String(Encoding.UTF8.GetBytes(subject))}?=" })
        {
            var fields = Fields($"From: a@example.com\r\nSubject: {written}\r\nX-Other: [secure] #secure#\r\n");

            var left = removal.Remove(fields);

            left.Select(field => field.Text).ShouldBe(["a@example.com", expected, "[secure] #secure#"]);
            if (subject == expected)
            {
                left.ShouldBeSameAs(fields);
            }
        }
    }

    [Theory]
    [InlineData("Subject: [secure] hello there", "Subject: hello there")]
    [InlineData("Subject: [secure]\r\n hello\r\n there", "Subject: hello\r\n there")]
    [InlineData("Subject:\r\n [secure] hello\r\n\tthere", "Subject:\r\n hello\r\n\tthere")]
    [InlineData("Subject:[secure]", "Subject:")]
    [InlineData("Subject: [secure] gr\u00FCn", "Subject: gr\u00FCn")]
    [InlineData("Subject: =?utf-8?Q?[secure]_hello?=", "Subject: hello")]
    [InlineData("Subject: [secure] =?iso-8859-1?Q?gr=FCn?=", "Subject: =?utf-8?B?Z3LDvG4=?=")]
    [InlineData("Subject: =?utf-8?Q?[secure]=0D=0ABcc:_x@example.com?=", "Subject: Bcc: x@example.com")]
    public void Only_what_has_to_be_is_written_anew(string before, string after)
    {
        var left = new TriggerRemoval(new RuleConditions { Subject = ["[secure]*"] }).Remove(Fields(before + "\r\n"));

        Encoding.UTF8.GetString(left.Single().Raw.Span).ShouldBe(after + "\r\n");
    }

    [Fact]
    public void The_copy_of_the_subject_that_Exchange_makes_loses_them_too()
    {
        var removal = new TriggerRemoval(new RuleConditions { Subject = ["*[secure]*"] });

        removal.Remove(Fields("Subject: Re: [secure] hello\r\nThread-Topic: [secure] hello\r\n")).Select(field => field.ToString())
            .ShouldBe(["Subject: Re: hello", "Thread-Topic: hello"]);
    }

    [Fact]
    public void Every_pattern_that_matches_is_removed()
    {
        var removal = new TriggerRemoval(new RuleConditions { Subject = ["[secure]*", "*#vs#", "*nothing*"] });

        removal.Remove(Fields("Subject: [secure] hello #VS#\r\n")).Single().Text.ShouldBe("hello");
    }

    [Fact]
    public void The_fields_of_header_conditions_go_where_their_value_matched()
    {
        var removal = new TriggerRemoval(new RuleConditions { Header = Conditions("x-secure", "yes", "1*") });
        var fields = Fields("X-Secure: YES\r\nFrom: a@example.com\r\nx-secure: no\r\nX-SECURE: =?utf-8?Q?100?=\r\nX-Secured: yes\r\n");

        removal.Remove(fields).Select(field => field.ToString()).ShouldBe(["From: a@example.com", "x-secure: no", "X-Secured: yes"]);
    }

    [Theory]
    [InlineData("From")]
    [InlineData("To")]
    [InlineData("Message-ID")]
    [InlineData("Content-Type")]
    [InlineData("mime-version")]
    public void A_condition_on_what_a_message_is_made_of_removes_nothing(string name)
    {
        var fields = Fields($"{name}: secure@example.com\r\n");

        new TriggerRemoval(new RuleConditions { Header = Conditions(name, "secure*") }).Remove(fields).ShouldBeSameAs(fields);
    }

    [Fact]
    public void A_header_condition_on_the_subject_is_one_on_its_words()
    {
        var removal = new TriggerRemoval(new RuleConditions { Header = Conditions("subject", "[secure]*") });

        removal.Remove(Fields("Subject: [secure] hello\r\n")).Single().Text.ShouldBe("hello");
    }

    [Fact]
    public void Words_are_found_exactly_where_the_pattern_matches()
    {
        var random = new Random(7);
        string Some(string letters, int length) => string.Concat(Enumerable.Range(0, random.Next(length)).Select(_ => letters[random.Next(letters.Length)]));
        for (var i = 0; i < 20_000; i++)
        {
            var (text, input) = (Some("aAb?**", 7), Some("aab", 9));
            var pattern = WildcardPattern.Parse(text);

            var words = pattern.FindWords(input);

            var expected = pattern.Matches(input) ? text.Split('*').Select(segment => segment.Trim('?').ToLowerInvariant()).Where(word => word.Length > 0) : [];
            words.Count.ShouldBe(expected.Count(), $"{text} in {input}");
            foreach (var (word, found) in expected.Zip(words))
            {
                input[found].Length.ShouldBe(word.Length);
                word.Zip(input[found]).ShouldAllBe(pair => pair.First == '?' || pair.First == pair.Second, $"{text} in {input}");
            }
        }
    }

    [Fact]
    public void A_hostile_subject_takes_no_time()
    {
        var removal = new TriggerRemoval(new RuleConditions { Subject = ["*ab*ab*ab*c"] });
        var fields = Fields($"Subject: {string.Concat(Enumerable.Repeat("ab ", 200_000))}\r\n");

        removal.Remove(fields).ShouldBeSameAs(fields);
    }

    private static Dictionary<string, IReadOnlyList<string>> Conditions(string name, params string[] values) => new() { [name] = values };

    private static IReadOnlyList<HeaderField> Fields(string header)
    {
        Entity.TryParse(Encoding.UTF8.GetBytes(header + "\r\n"), MimeLimits.Standard, out var message, out _).ShouldBeTrue();
        return [.. message!.Header];
    }
}
