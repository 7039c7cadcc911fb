using SmimeGateway.Mime.Authors;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests.Authors;

/// <summary>Who is refused for an author hears what about it, and of which field.</summary>
public sealed class AuthorCauseTests
{
    private const string Own = SomeFrom.Own;
    private const string Other = SomeFrom.Other;

    public static TheoryData<AuthorFlaw, string, string> Causes => new()
    {
        { AuthorFlaw.TooMuch, "From", $"From: {new string('x', 70_000)} <{Own}>" },
        { AuthorFlaw.ControlCharacter, "From", $"From: A\u0001 <{Own}>" },
        { AuthorFlaw.NoAddress, "From", "From: Alice" },
        { AuthorFlaw.UnclearAddress, "From", $"From: {Own} and others" },
        { AuthorFlaw.Group, "From", $"From: Team: {Own};" },
        { AuthorFlaw.UnclearSign, "From", $"From: @, {Own}" },
        { AuthorFlaw.OtherAddress, "From", $"From: \"{Other}\" <{Own}>" },
        { AuthorFlaw.OtherAddress, "Sender", $"From: {Own}\r\nSender: \"{Other}\" <{Own}>" },
        { AuthorFlaw.FoldedOtherAddress, "From", $"From: \"A\r\n {Other}\" <{Own}>" },
        { AuthorFlaw.SignInName, "From", $"From: \"alice@\" <{Own}>" },
        { AuthorFlaw.NoEncodedWord, "From", $"From: =?utf-8?x <{Own}>" },
        { AuthorFlaw.OddCharset, "From", $"From: =?x-nobody?Q?Alice?= <{Own}>" },
        { AuthorFlaw.BrokenWord, "From", $"From: =?utf-8?B?QWxpY2U?= <{Own}>" },
        { AuthorFlaw.BrokenWord, "Sender", $"From: {Own}\r\nSender: =?utf-8?B?QWxpY2U?= <{Own}>" },
        { AuthorFlaw.OpenShift, "From", $"From: =?iso-2022-jp?B?GyRCOzNFRA==?= <{Own}>" },
        { AuthorFlaw.HalfCharacter, "From", $"From: =?utf-8?Q?=C3?= =?iso-8859-1?Q?x?= <{Own}>" },
        { AuthorFlaw.OverlongForm, "From", $"From: =?utf-8?Q?support=C1=80example.com?= <{Own}>" },
        { AuthorFlaw.NestedWord, "From", $"From: =?utf-8?Q?=3D=3Futf-8=3FQ=3Fx=3F=3D?= <{Own}>" },
        { AuthorFlaw.AddressInWord, "From", $"From: =?gb2312?Q?support=81=40example.com?= <{Own}>" },
        { AuthorFlaw.HiddenLine, "From", $"\u0001From: {Other}\r\nFrom: {Own}" },
        { AuthorFlaw.HiddenLine, "Sender", $"From: {Own}\r\n\u0001Sender: {Other}" },
        { AuthorFlaw.UnservedAddress, "From", $"From: <{new string('x', 300)}@example.com>" },
        { AuthorFlaw.Missing, "From", "X-None: x" },
        { AuthorFlaw.Several, "From", $"From: {Own}, a@tickets.example.com" },
        { AuthorFlaw.NotGranted, "Sender", $"From: {Own}\r\nSender: {Other}" },
        { AuthorFlaw.NotGranted, "Resent-From", $"From: {Own}\r\nResent-From: {Other}" },
        { AuthorFlaw.UnclearInside, "inside of the message, the header From", $"From: {Own}\r\nContent-Type: multipart/mixed; boundary=a\r\nContent-Transfer-Encoding: base64" },
    };

    [Theory]
    [MemberData(nameof(Causes))]
    public async Task The_reply_and_the_log_say_what_is_wrong_with_which_field(AuthorFlaw flaw, string field, string header)
    {
        await using var bed = new AuthorBed([AuthorBed.Signing()], Own, "*@tickets.example.com");

        var (outcome, left) = await bed.SendAsync(AuthorBed.Mail(header, flaw == AuthorFlaw.UnclearInside ? "\r\n--a\r\n\r\nx\r\n--a--\r\n" : "\r\nHello\r\n"));

        var words = $"{(field.Contains(' ', StringComparison.Ordinal) ? field : "the header " + field)} {new AuthorFault(flaw).Words}";
        left.ShouldBeEmpty();
        outcome.Reply.ToString().ShouldBeOneOf(
            $"550 5.7.5 the message cannot be signed: {words}", $"550 5.6.0 {words}: write it as \"Name\" <name@example.com>");
        outcome.Detail.ShouldContain(words);
        outcome.Detail.ShouldNotContain("certificate");
    }

    [Fact]
    public void Every_cause_is_tried_here_has_words_of_its_own_and_its_remedy_in_the_manual()
    {
        var manual = File.ReadLines(Path.Combine(Repository.Root, "docs", "operations.md")).ToList();

        foreach (var flaw in Enum.GetValues<AuthorFlaw>())
        {
            var words = new AuthorFault(flaw).Words;
            Causes.ShouldContain(row => (AuthorFlaw)row[0] == flaw, flaw.ToString());
            var row = manual.Where(line => line.StartsWith($"| `{words}` | ", StringComparison.Ordinal)).ShouldHaveSingleItem(words);
            row.Length.ShouldBeGreaterThan($"| `{words}` |  |".Length + 10, words);
        }

        Enum.GetValues<AuthorFlaw>().Select(flaw => new AuthorFault(flaw).Words).ShouldBeUnique();
        manual.Count(line => line.StartsWith("| `550 5.7.5 the message cannot be signed: the header ...`", StringComparison.Ordinal)).ShouldBe(1);
    }
}
