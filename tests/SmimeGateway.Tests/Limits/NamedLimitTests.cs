using System.Text;
using SmimeGateway.Deciding.Options;
using SmimeGateway.Protecting;
using SmimeGateway.Tests.Authors;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests.Limits;

/// <summary>What exceeds a limit is refused for good before anything is kept, and the reply and the log name the limit.</summary>
public sealed class NamedLimitTests
{
    private const string Received = "Received: from client by gateway.example.com with SMTP id S1;\r\n\tSun, 29 Nov 2026 00:00:00 +0000\r\n";
    private const string Unknown = "nobody@example.net";

    public enum Way
    {
        Clear,
        Protected,
        Opaque,
        Encrypted,
        SignedAndEncrypted,
        TripleWrapped,
        Held,
        HeldUnsigned,
    }

    public static TheoryData<Way, string> WaysToGrow
    {
        get
        {
            var data = new TheoryData<Way, string>();
            foreach (var way in Enum.GetValues<Way>())
            {
                data.Add(way, "folds");
                if (way is not (Way.Clear or Way.Protected or Way.Opaque))
                {
                    data.Add(way, "copies of octets");
                    data.Add(way, "copies of fields");
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(WaysToGrow))]
    public async Task What_folds_and_copies_would_make_too_long_is_refused_for_good_and_never_waits(Way way, string growth)
    {
        await using var bed = new AuthorBed([RuleFor(way)], SomeFrom.Own, SomeFrom.Other);

        var (outcome, left) = await bed.SendAsync(
            AuthorBed.Mail($"From: {(way is Way.Clear or Way.Protected or Way.Opaque ? SomeFrom.Own : SomeFrom.Other)}", Growing(growth)),
            recipient: way is Way.Held or Way.HeldUnsigned ? Unknown : "bob@example.net");

        var reply = outcome.Reply.ToString();
        reply.ShouldStartWith("554 5.6.0 the message cannot be protected as it is: as it would leave, the header section has more than ", customMessage: outcome.Detail);
        reply.ShouldEndWith(growth == "copies of fields" ? "10000 fields" : "1048576 octets");
        outcome.Detail.ShouldContain(reply[(reply.IndexOf("as it is: ", StringComparison.Ordinal) + 10)..]);
        left.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(Way.Clear)]
    [InlineData(Way.Protected)]
    [InlineData(Way.Opaque)]
    [InlineData(Way.Encrypted)]
    [InlineData(Way.TripleWrapped)]
    [InlineData(Way.Held)]
    public async Task What_is_just_within_the_limits_is_taken(Way way)
    {
        await using var bed = new AuthorBed([RuleFor(way)], SomeFrom.Own, SomeFrom.Other);

        var (outcome, left) = await bed.SendAsync(
            AuthorBed.Mail("From: " + SomeFrom.Own, string.Concat(Enumerable.Range(0, 4_900).Select(i => $"X-{i}: {new string('x', 80)}\r\n")) + "\r\nbody\r\n"),
            recipient: way == Way.Held ? Unknown : "bob@example.net");

        outcome.Reply.Code.ShouldBe(250, outcome.Detail);
        left.ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData(Way.Clear)]
    [InlineData(Way.Protected)]
    [InlineData(Way.SignedAndEncrypted)]
    [InlineData(Way.Held)]
    public async Task What_repairs_alone_would_make_too_long_is_signed_in_the_form_that_needs_none(Way way)
    {
        await using var bed = new AuthorBed([RuleFor(way)], SomeFrom.Own, SomeFrom.Other);

        var (outcome, left) = await bed.SendAsync(
            AuthorBed.Mail("From: " + SomeFrom.Own, $"Content-Type: text/plain{string.Concat(Enumerable.Repeat("; a=b", 200_000))}\r\n\r\nbody\r\n"),
            recipient: way == Way.Held ? Unknown : "bob@example.net");

        outcome.Reply.Code.ShouldBe(250, outcome.Detail);
        left.ShouldHaveSingleItem().Protection.ShouldBeOneOf(Protection.OpaqueSigned, Protection.SignedAndEncrypted, Protection.Held);
    }

    [Fact]
    public async Task A_message_may_have_as_many_fields_as_the_listener_says_and_our_own_is_none_of_them()
    {
        await using var bed = new AuthorBed([AuthorBed.Signing()]);
        foreach (var (fields, code) in new[] { (99, 250), (100, 250), (101, 554), (102, 554) })
        {
            var (outcome, _) = await bed.SendAsync(Encoding.ASCII.GetBytes(
                $"{Received}From: {SomeFrom.Own}\r\n{string.Concat(Enumerable.Range(1, fields - 1).Select(i => $"X-{i}: y\r\n"))}\r\nbody\r\n"), listener: "narrow");

            outcome.Reply.Code.ShouldBe(code, $"{fields}: {outcome.Detail}");
        }
    }

    public static TheoryData<string, string, string> Limits => new()
    {
        { "fields", "narrow", "554 5.6.0 the message exceeds a limit on its structure: the header section has more than 100 fields (limits.headerFields)" },
        { "octets", "internal", "554 5.6.0 the message exceeds a limit on its structure: the header section has more than 1048576 octets" },
        { "depth", "internal", "554 5.6.0 the message cannot be protected as it is: entities are nested more than 50 deep" },
        { "parts", "internal", "554 5.6.0 the message cannot be protected as it is: the message has more than 10000 entities" },
        { "fields of parts", "internal", "554 5.6.0 the message cannot be protected as it is: the message has more than 500000 header fields in all" },
        { "line", "internal", "554 5.6.0 the message cannot be protected as it is: a line of References is longer than 998 octets and has no place to fold it" },
        { "From", "internal", "550 5.6.0 the header From has more than 65536 characters, 1000 at signs or 100 mailboxes: write it as \"Name\" <name@example.com>" },
        { "mailboxes", "internal", "550 5.6.0 the header From has more than 65536 characters, 1000 at signs or 100 mailboxes: write it as \"Name\" <name@example.com>" },
        { "mailboxes in several fields", "internal", "550 5.6.0 the header From has more than 65536 characters, 1000 at signs or 100 mailboxes: write it as \"Name\" <name@example.com>" },
    };

    [Theory]
    [MemberData(nameof(Limits))]
    public async Task The_reply_and_the_log_name_the_limit_its_value_and_where_it_is_set(string limit, string listener, string reply)
    {
        await using var bed = new AuthorBed([AuthorBed.Signing()]);

        var (outcome, left) = await bed.SendAsync(Exceeding(limit), listener: listener);

        outcome.Reply.ToString().ShouldBe(reply, outcome.Detail);
        outcome.Detail.ShouldContain(reply[(reply.IndexOf(" more than ", StringComparison.Ordinal) is var at and >= 0 ? at : reply.IndexOf(" longer than ", StringComparison.Ordinal))..]
            .Replace(": write it as \"Name\" <name@example.com>", string.Empty, StringComparison.Ordinal));
        left.ShouldBeEmpty();
    }

    private static byte[] Exceeding(string limit) => limit switch
    {
        "fields" => AuthorBed.Mail("From: " + SomeFrom.Own, string.Concat(Enumerable.Range(0, 100).Select(i => $"X-{i}: y\r\n")) + "\r\nbody\r\n"),
        "octets" => AuthorBed.Mail("From: " + SomeFrom.Own, string.Concat(Enumerable.Range(0, 1_100).Select(i => $"X-{i}: {new string('y', 960)}\r\n")) + "\r\nbody\r\n"),
        "depth" => AuthorBed.Mail(
            "From: " + SomeFrom.Own,
            string.Concat(Enumerable.Range(10, 60).Select(i => $"Content-Type: multipart/mixed; boundary=b{i}\r\n\r\n--b{i}\r\n\r\nx\r\n--b{i}\r\n"))
            + "Content-Type: text/plain\r\n\r\ngr\u00FCn\r\n"),
        "parts" => AuthorBed.Mail(
            "From: " + SomeFrom.Own, "Content-Type: multipart/mixed; boundary=b\r\n\r\n" + string.Concat(Enumerable.Repeat("--b\r\n\r\ngr\u00FCn\r\n", 10_001)) + "--b--\r\n"),
        "fields of parts" => AuthorBed.Mail(
            "From: " + SomeFrom.Own,
            "Content-Type: multipart/mixed; boundary=b\r\n\r\n"
            + string.Concat(Enumerable.Repeat("--b\r\n" + string.Concat(Enumerable.Repeat("a:\r\n", 9_000)) + "\r\ngr\u00FCn\r\n", 60)) + "--b--\r\n"),
        "line" => AuthorBed.Mail($"From: {SomeFrom.Own}\r\nReferences: <{new string('x', 1_000)}>"),
        "From" => AuthorBed.Mail($"From: {string.Concat(Enumerable.Repeat("word\r\n ", 14_000))}<{SomeFrom.Own}>"),
        "mailboxes" => AuthorBed.Mail("From: " + string.Join(",\r\n ", Enumerable.Repeat(SomeFrom.Own, 101))),
        _ => AuthorBed.Mail(string.Join("\r\n", Enumerable.Repeat("From: " + SomeFrom.Own, 101))),
    };

    private static string Growing(string growth) => growth switch
    {
        "folds" => "Content-Type: text/plain\r\nComments: " + string.Concat(Enumerable.Repeat("a b ", 260_000)) + "\r\n\r\nbody\r\n",
        "copies of octets" => string.Concat(Enumerable.Range(0, 900).Select(i => $"List-Post: {i}{new string('x', 700)}\r\n")) + "\r\nbody\r\n",
        _ => string.Concat(Enumerable.Range(0, 6_000).Select(i => $"List-Post: {i}\r\n")) + "\r\nbody\r\n",
    };

    private static RuleOptions RuleFor(Way way)
    {
        var signing = AuthorBed.Signing(way == Way.Opaque ? SignatureForm.Opaque : SignatureForm.Clear, protectsHeaders: way == Way.Protected);
        var encrypt = new EncryptOptions { To = ["partners"], ProtectHeaders = true, WhenMissing = WhenRecipientMissing.Hold };
        return way switch
        {
            Way.Clear or Way.Protected or Way.Opaque => signing,
            Way.Encrypted or Way.HeldUnsigned => new RuleOptions { Name = "secret", Encrypt = encrypt },
            Way.TripleWrapped => signing with { Encrypt = encrypt, Wrap = MessageWrap.Triple },
            _ => signing with { Encrypt = encrypt },
        };
    }
}
