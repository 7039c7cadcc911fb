using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using SmimeGateway.Accepting;
using SmimeGateway.Deciding.Options;
using SmimeGateway.Smtp;
using SmimeGateway.Tests.Accepting;
using SmimeGateway.Tests.Authors;

namespace SmimeGateway.Tests.Limits;

/// <summary>No client makes the log as long as it likes, at any level.</summary>
public sealed class BoundedStoryTests
{
    [Theory]
    [InlineData(1, 400, false)]
    [InlineData(100, 400, false)]
    [InlineData(100, 2_000, false)]
    [InlineData(100, 400, true)]
    [InlineData(1, 3_000, true)]
    public async Task However_many_authors_recipients_and_rules_one_message_has_a_thousand_lines_and_one_that_counts_the_rest(
        int authors, int recipients, bool encrypts)
    {
        await using var bed = new AuthorBed([.. Enumerable.Range(0, 10).Select(Unmatched), Last(encrypts)], "*");
        var from = string.Join(",\r\n ", Enumerable.Range(0, authors).Select(i => $"author{i}@example.com"));

        var (outcome, _) = await bed.SendAsync(
            AuthorBed.Mail("From: " + from), recipient: string.Join(' ', Enumerable.Range(0, recipients).Select(i => $"recipient{i}@example.org")));

        outcome.Reply.Code.ShouldBe(encrypts ? 550 : 250);
        var lines = bed.Log.Lines.ToList();
        lines.Count(line => line.StartsWith("Debug", StringComparison.Ordinal)).ShouldBe(BoundedLog.MaxLines);
        lines.Count.ShouldBeInRange(BoundedLog.MaxLines + 2, BoundedLog.MaxLines + 3);
        lines.ShouldContain(line => Regex.IsMatch(line, "^Information S1 and at least [0-9]+ more lines, of which only the first 1[0-9]{3} are told$"));
        lines[^1].ShouldStartWith("Information S1 ");
        lines[^1].ShouldContain(encrypts ? " octets, refused 550 " : "S1 accepted");
        lines.ShouldAllBe(line => line.Length < 6_000);
    }

    [Fact]
    public async Task What_fits_is_told_as_it_is()
    {
        await using var bed = new AuthorBed([.. Enumerable.Range(0, 10).Select(Unmatched), Last(encrypts: false)], "*");

        await bed.SendAsync(AuthorBed.Mail("From: author@example.com"), recipient: "a@example.org b@example.org");

        bed.Log.Lines.Count(line => line.Contains("does not apply", StringComparison.Ordinal)).ShouldBe(20);
        bed.Log.Lines.ShouldNotContain(line => line.Contains("more lines", StringComparison.Ordinal));
    }

    [Fact]
    public void What_was_decided_is_told_whatever_was_said_of_how()
    {
        var log = new CollectingLogger<BoundedStoryTests>(LogLevel.Debug);
        var story = new BoundedLog(log, "S1");
        foreach (var level in (LogLevel[])[LogLevel.Debug, LogLevel.Information, LogLevel.Warning])
        {
            for (var i = 0; i < 5_000; i++)
            {
                Say(story, level, $"{level} {i}");
            }
        }

        story.End();

        log.Lines.Count(line => line.StartsWith("Debug", StringComparison.Ordinal)).ShouldBe(BoundedLog.MaxLines);
        log.Lines.Count(line => line.StartsWith("Information Information", StringComparison.Ordinal)).ShouldBe(BoundedLog.MaxLines);
        log.Lines.Last().ShouldBe("Information S1 and at least 13000 more lines, of which only the first 2000 are told");
    }

    [Fact]
    public void What_broke_a_session_is_told_whatever_the_client_sent_before()
    {
        var log = new CollectingLogger<BoundedStoryTests>(LogLevel.Debug);
        var session = new SmtpSessionIdentity("S1", "internal", new IPEndPoint(IPAddress.Loopback, 4711));
        var observer = new LoggingObserver(log, "S1");
        for (var i = 0; i < 5_000; i++)
        {
            observer.Answered(session, "RCPT", SmtpReply.OneLine(550, new EnhancedStatus(5, 1, 1), "no"));
        }

        observer.Failed(session, new InvalidOperationException("broken"));

        log.Lines.Last().ShouldBe("Error S1 an unexpected error became 451");
    }

    [Theory]
    [InlineData(LogLevel.Debug, true)]
    [InlineData(LogLevel.Debug, false)]
    [InlineData(LogLevel.Information, false)]
    public void However_many_commands_come_before_a_message_a_thousand_are_told_and_the_message_always_is(LogLevel level, bool isTaken)
    {
        var log = new CollectingLogger<BoundedStoryTests>(level);
        var session = new SmtpSessionIdentity("S1", "internal", new IPEndPoint(IPAddress.Loopback, 4711));
        var observer = new LoggingObserver(log, "S1");
        var envelope = new Envelope(MailPath.Null, []);
        for (var message = 1; message <= 3; message++)
        {
            for (var i = 0; i < 5_000; i++)
            {
                if (!isTaken || observer.WantsEverything)
                {
                    observer.Answered(session, $"RCPT TO:<{i}@example.org>", isTaken ? SmtpReply.OneLine(250, null, "ok") : Replies.NoRoute);
                }
            }

            observer.MessageAnswered(session, envelope, 1, Replies.InternalError);

            log.Lines.Count(line => line.Contains("RCPT", StringComparison.Ordinal)).ShouldBe(message * BoundedLog.MaxLines);
            log.Lines.Last().ShouldContain("message from");
        }

        observer.Ended(session, SessionEnd.TimedOut);

        log.Lines.Count.ShouldBeLessThanOrEqualTo((3 * (BoundedLog.MaxLines + 2)) + 1);
        log.Lines.Count(line => line.Contains("and at least 4000 more lines", StringComparison.Ordinal)).ShouldBe(isTaken ? 0 : 3);
        log.Lines.Last().ShouldContain("the client was silent, or took too long");
    }

    private static void Say(BoundedLog story, LogLevel level, string text)
    {
        if (story.IsEnabled(level))
        {
            story.Log(level, default, text, exception: null, (state, _) => state);
        }
    }

    private static RuleOptions Unmatched(int number) => new() { Name = $"rule {number}", Pass = true, When = new RuleConditions { Sender = [$"nobody{number}@example.com"] } };

    private static RuleOptions Last(bool encrypts) => encrypts
        ? new RuleOptions { Name = "secret", Encrypt = new EncryptOptions { To = ["partners"], WhenMissing = WhenRecipientMissing.Reject } }
        : new RuleOptions { Name = "all", Pass = true };
}
