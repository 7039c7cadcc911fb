using System.Text;
using SmimeGateway.Deciding;
using SmimeGateway.Deciding.Options;
using SmimeGateway.Mime;
using SmimeGateway.Smtp;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests.Authors;

public sealed class HiddenLineTests
{
    private const string Report =
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n\r\nfailed\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n"
        + "Reporting-MTA: dns; x\r\n\r\n--b--\r\n";

    [Fact]
    public async Task A_bounce_with_a_hidden_From_is_refused_though_nothing_signs_it()
    {
        await using var bed = new AuthorBed([new RuleOptions { Name = "all", Pass = true }]);

        var (outcome, left) = await bed.SendAsync(AuthorBed.Mail("\u0001From: ceo@elsewhere.example", Report), reversePath: string.Empty);

        outcome.Reply.ToString().ShouldStartWith("550 5.6.0");
        left.ShouldBeEmpty();
    }

    [Theory]
    [InlineData($"Sender\u007F: {SomeFrom.Own}\r\n", "Content-Type: text/plain\r\n\r\nx\r\n")]
    [InlineData($"\u0001Resent-From: {SomeFrom.Own}\r\n", "Content-Type: text/plain\r\n\r\nx\r\n")]
    [InlineData("", $"Content-Type: multipart/signed; boundary=b\r\n\r\n--b\r\n\u0001From: {SomeFrom.Own}\r\n\r\nx\r\n--b\r\n\r\ny\r\n--b--\r\n")]
    [InlineData("", $"Content-Type: multipart/signed; boundary=b\r\n\r\n--b\r\nSender \r\n : {SomeFrom.Own}\r\n\r\nx\r\n--b\r\n\r\ny\r\n--b--\r\n")]
    [InlineData("", "Content-Type: multipart/signed; boundary=b\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nFrom: ceo@elsewhere.example\r\n\r\nx\r\n--b\r\n\r\ny\r\n--b--\r\n")]
    public void A_line_that_some_program_shows_as_an_author_makes_doubt_wherever_it_stands(string outside, string rest)
    {
        var entity = Read($"From: {SomeFrom.Own}\r\n{outside}MIME-Version: 1.0\r\n{rest}");
        var own = MailPath.TryParse(SomeFrom.Own, out var path) ? path : MailPath.Null;

        Authorship.Read(own, entity).FindDoubt(granted => granted.Equals(own)).ShouldNotBeNull();
        Authorship.Read(own, Read($"From: {SomeFrom.Own}\r\nSender: {SomeFrom.Own}\r\n\r\nx")).FindDoubt(granted => granted.Equals(own)).ShouldBeNull();
    }

    [Fact]
    public void A_hidden_line_makes_doubt_whatever_field_it_hides_outside_and_inside()
    {
        var own = MailPath.TryParse(SomeFrom.Own, out var path) ? path : MailPath.Null;
        foreach (var name in new[] { "From", "Sender", "Resent-From", "Resent-Sender" })
        {
            foreach (var hidden in new[] { $"\u0001{name}", $"{name}\u007F", $"{name} \r\n ", $"\u200B{name}", $"\u0000{name}" })
            {
                var line = $"{hidden}: {SomeFrom.Own}\r\n";
                Doubt(line, "Content-Type: text/plain\r\n\r\nx\r\n").ShouldNotBeNull(line);
                Doubt("", $"Content-Type: multipart/signed; boundary=b\r\n\r\n--b\r\n{line}\r\nx\r\n--b\r\n\r\ny\r\n--b--\r\n").ShouldNotBeNull(line);
            }

            var open = name == "From" ? "" : $"{name}: {SomeFrom.Own}\r\n";
            Doubt(open, $"Content-Type: multipart/signed; boundary=b\r\n\r\n--b\r\n{name}: {SomeFrom.Own}\r\n\r\nx\r\n--b\r\n\r\ny\r\n--b--\r\n").ShouldBeNull(name);
        }

        AuthorTrouble? Doubt(string outside, string rest) =>
            Authorship.Read(own, Read($"From: {SomeFrom.Own}\r\n{outside}MIME-Version: 1.0\r\n{rest}")).FindDoubt(granted => granted.Equals(own));
    }

    [Fact]
    public async Task What_was_accepted_to_be_encrypted_stays_held_where_the_rules_in_force_would_not_encrypt_it()
    {
        foreach (var rule in new[] { new RuleOptions { Name = "now", Pass = true }, AuthorBed.Signing() with { Name = "now" } })
        {
            await using var bed = new AuthorBed([rule]);

            var prepared = await bed.ReleaseAsync(AuthorBed.Mail($"From: {SomeFrom.Own}"));

            prepared.Messages.ShouldBeEmpty();
            prepared.Refused.ShouldBeEmpty();
            prepared.StillHeld.ShouldHaveSingleItem().WouldBePlain.ShouldBeTrue();
        }
    }

    [Fact]
    public async Task A_field_whose_name_fills_a_line_is_refused_for_good_or_leaves_in_short_lines()
    {
        foreach (var (length, value) in new[] { (900, 2000), (985, 5), (990, 2000), (997, 5), (997, 990), (998, 5), (1000, 1), (1500, 1), (3000, 3000) })
        {
            foreach (var protects in new[] { false, true })
            {
                foreach (var form in Enum.GetValues<SignatureForm>())
                {
                    await using var bed = new AuthorBed([AuthorBed.Signing(form, protects)]);

                    var (outcome, left) = await bed.SendAsync(
                        AuthorBed.Mail($"From: {SomeFrom.Own}\r\n{new string('A', length)}: {new string('x', value)}"));

                    outcome.Reply.Code.ShouldBe(length > 997 ? 554 : 250, $"{length} {value} {protects} {form}: {outcome.Detail}");
                    left.SelectMany(message => Encoding.Latin1.GetString(message.Content.Span).Split("\r\n")).ShouldAllBe(line => line.Length <= 998);
                }
            }
        }
    }

    private static Entity Read(string message)
    {
        Entity.TryParse(Encoding.UTF8.GetBytes(message), MimeLimits.Standard, out var entity, out _).ShouldBeTrue();
        return entity;
    }
}
