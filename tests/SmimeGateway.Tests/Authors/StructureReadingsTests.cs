using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;
using SmimeGateway.Cms;
using SmimeGateway.Deciding;
using SmimeGateway.Deciding.Options;
using SmimeGateway.Mime;
using SmimeGateway.Protecting;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests.Authors;

public sealed class StructureReadingsTests
{
    private const string Object = "application/pkcs7-mime; smime-type=signed-data; name=smime.p7m";
    private const string Named = "Content-Disposition: attachment; filename=smime.p7m\r\n";
    private const string Encoded = "Content-Transfer-Encoding: base64\r\n";

    public static TheoryData<string, SignatureForm, bool, AlreadyProtected> Disguises
    {
        get
        {
            var data = new TheoryData<string, SignatureForm, bool, AlreadyProtected>();
            foreach (var name in Messages(SomeFrom.Other).Keys)
            {
                data.Add(name, SignatureForm.Clear, false, AlreadyProtected.Keep);
                data.Add(name, SignatureForm.Clear, true, AlreadyProtected.Keep);
                data.Add(name, SignatureForm.Opaque, false, AlreadyProtected.Keep);
                data.Add(name, SignatureForm.Clear, false, AlreadyProtected.SignAgain);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Disguises))]
    public async Task Whatever_a_program_takes_for_the_structure_nobody_finds_an_author_inside_who_was_not_granted(
        string name, SignatureForm form, bool protects, AlreadyProtected already)
    {
        await using var bed = new AuthorBed([AuthorBed.Signing(form, protects, already)]);

        var (outcome, left) = await bed.SendAsync(AuthorBed.Mail($"From: {SomeFrom.Own}", Messages(SomeFrom.Other)[name]));

        // What is signed by a stranger, and is kept so, names nobody of ours as its signer.
        left.ShouldAllBe(message => message.Protection == Protection.PassedUnchanged, outcome.Detail);
        outcome.Reply.Code.ShouldBe(left.Count == 0 ? 550 : 250, outcome.Detail);
        (left.Count == 0 || name.EndsWith("in an object", StringComparison.Ordinal)).ShouldBeTrue(outcome.Detail);
    }

    [Theory]
    [InlineData("type first")]
    [InlineData("type last")]
    [InlineData("only part")]
    public async Task Where_all_of_them_are_granted_it_is_signed(string name)
    {
        await using var bed = new AuthorBed([AuthorBed.Signing(already: AlreadyProtected.SignAgain)]);

        var (outcome, left) = await bed.SendAsync(AuthorBed.Mail($"From: {SomeFrom.Own}", Messages(SomeFrom.Own)[name]));

        outcome.Reply.Code.ShouldBe(250, outcome.Detail);
        left.ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("Content-Type: text/plain\r\nContent-Type: text/html\r\n\r\nHello\r\n")]
    [InlineData("Content-Type: text/plain\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nHello\r\n--b\r\n\r\nagain\r\n--b--\r\n")]
    [InlineData("Content-Type: text\r\n\r\nHello\r\n")]
    [InlineData("Content-Type: text/plain charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\nContent-Transfer-Encoding: 7bit\r\n\r\nHello\r\n")]
    [InlineData("Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nHello\r\n--b--\r\n")]
    [InlineData("Content-Type: application/octet-stream; name=a.bin\r\nContent-Disposition: attachment; filename=b.bin\r\n\r\nHello\r\n")]
    [InlineData("Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nFrom: support@example.com\r\n\r\nforwarded\r\n--b--\r\n")]
    public async Task What_is_written_carelessly_and_has_nothing_inside_is_signed_as_ever(string rest)
    {
        await using var bed = new AuthorBed([AuthorBed.Signing()]);

        var (outcome, left) = await bed.SendAsync(AuthorBed.Mail($"From: {SomeFrom.Own}", rest));

        outcome.Reply.Code.ShouldBe(250, outcome.Detail);
        left.ShouldHaveSingleItem().Protection.ShouldBeOneOf(Protection.ClearSigned, Protection.OpaqueSigned);
    }

    [Theory]
    [InlineData("Content-Type: text/html\r\n")]
    [InlineData("Content-Transfer-Encoding: base64\r\n")]
    public async Task What_is_signed_by_one_reading_only_is_signed_again_whatever_the_rule_keeps(string second)
    {
        await using var maker = new AuthorBed([AuthorBed.Signing()]);
        var (_, made) = await maker.SendAsync(AuthorBed.Mail($"From: {SomeFrom.Own}"));
        var signed = Encoding.UTF8.GetString(made.ShouldHaveSingleItem().Content.Span);
        await using var bed = new AuthorBed([AuthorBed.Signing()]);

        var (kept, whole) = await bed.SendAsync(Encoding.UTF8.GetBytes(signed));
        var (outcome, left) = await bed.SendAsync(Encoding.UTF8.GetBytes(signed.Replace("Content-Type: multipart/signed", second + "Content-Type: multipart/signed", StringComparison.Ordinal)));

        kept.Reply.Code.ShouldBe(250);
        whole.ShouldHaveSingleItem().Protection.ShouldBe(Protection.PassedUnchanged);
        left.ShouldNotContain(message => message.Protection == Protection.PassedUnchanged, outcome.Detail);
    }

    [Theory]
    [InlineData("boundary=\"", "boundary=\"\\")]
    [InlineData("boundary=\"(.*?)\"", "boundary=\"=?utf-8?Q?$1?=\"")]
    [InlineData("Content-Type: multipart/signed", "Content-Type:\r\n \r\n multipart/signed")]
    [InlineData("(\r\nContent-Type: multipart/signed)", "\r\njunk$1")]
    public async Task What_strict_programs_find_no_signature_in_is_not_kept_for_signed(string written, string instead)
    {
        await using var maker = new AuthorBed([AuthorBed.Signing()]);
        var (_, made) = await maker.SendAsync(AuthorBed.Mail($"From: {SomeFrom.Own}"));
        var odd = new Regex(written).Replace(Encoding.UTF8.GetString(made.ShouldHaveSingleItem().Content.Span), instead, 1);
        await using var bed = new AuthorBed([AuthorBed.Signing()]);

        var (outcome, left) = await bed.SendAsync(Encoding.UTF8.GetBytes(odd));

        left.ShouldNotContain(message => message.Protection == Protection.PassedUnchanged, outcome.Detail);
        outcome.Reply.Code.ShouldBe(left.Count == 0 ? 550 : 250, outcome.Detail);
    }

    [Theory]
    [InlineData("\r\n", false)]
    [InlineData("junk\r\n\r\n", true)]
    public void Behind_a_line_that_is_no_field_somebody_may_find_another_message(string separator, bool isUncertain)
    {
        var part = $"Content-Type: multipart/mixed; boundary=c\r\n{separator}--c\r\nContent-Type: text/plain\r\n\r\nHello\r\n--c--\r\n";
        Entity.TryParse(
            Encoding.ASCII.GetBytes($"From: {SomeFrom.Own}\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n{part}\r\n--b--\r\n"),
            MimeLimits.Standard, out var message, out _).ShouldBeTrue();

        InnerLayers.Of(message!).IsUncertain.ShouldBe(isUncertain);
    }

    [Fact]
    public void Where_there_are_more_readings_than_anybody_looks_through_the_rest_counts_as_sealed()
    {
        var inner = $"Content-Type: text/plain; hp=\"clear\"\r\nFrom: {SomeFrom.Other}\r\n\r\nHello\r\n";
        var layers = Enumerable.Range(0, 6).Aggregate(inner, (within, level) =>
            $"Content-Type: multipart/mixed; boundary=a{level}\r\nContent-Type: multipart/mixed; boundary=b{level}\r\n\r\n"
            + $"--a{level}\r\n{(level == 0 ? "Content-Type: text/plain\r\n\r\nHello\r\n" : within.Replace(SomeFrom.Other, SomeFrom.Own, StringComparison.Ordinal))}\r\n--a{level}--\r\n"
            + $"--b{level}\r\n{within}\r\n--b{level}--\r\n");

        Entity.TryParse(Encoding.ASCII.GetBytes($"From: {SomeFrom.Own}\r\n{layers}"), MimeLimits.Standard, out var message, out _).ShouldBeTrue();
        var found = InnerLayers.Of(message!);

        found.IsSealed.ShouldBeTrue();
        found.Found.Count.ShouldBe(32);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(8, 1)]
    [InlineData(8, 8)]
    public void However_often_a_bomb_can_be_read_what_is_unpacked_has_one_bound(int outside, int inside)
    {
        static string Compressed(string content, int readings) =>
            string.Concat(Enumerable.Range(0, readings).Select(i => $"Content-Type: application/pkcs7-mime; smime-type=compressed-data; name=\"{i}.bin\"\r\n"))
            + Encoded + "\r\n" + Convert.ToBase64String(CompressedData.Compress(new ReadOnlySequence<byte>(Encoding.ASCII.GetBytes(content))), Base64FormattingOptions.InsertLineBreaks) + "\r\n";
        var bomb = Compressed(Compressed(new string('\n', 10_000_000), inside), outside);
        Entity.TryParse(Encoding.ASCII.GetBytes($"From: {SomeFrom.Own}\r\n{bomb}"), MimeLimits.Standard, out var message, out _).ShouldBeTrue();

        var found = InnerLayers.Of(message!);

        found.Found.Sum(entity => (long)entity.Raw.Length).ShouldBeLessThan(20_000_000);
        found.IsSealed.ShouldBe(outside * inside > 1);
    }

    // All that follows the fields of the envelope.
    private static Dictionary<string, string> Messages(string author)
    {
        var inner = $"Content-Type: text/plain; hp=\"clear\"\r\nFrom: {author}\r\nSubject: hello\r\n\r\nHello\r\n";
        var opaque = Opaque(inner);
        var clear = $"\r\n--s\r\n{inner}\r\n--s\r\nContent-Type: application/pkcs7-signature\r\n\r\nMAA=\r\n--s--\r\n";
        const string Signed = "multipart/signed; boundary=s; protocol=\"application/pkcs7-signature\"; micalg=sha-256";
        return new Dictionary<string, string>
        {
            ["type first"] = $"Content-Type: {Object}\r\nContent-Type: application/x\r\n{Encoded}\r\n{opaque}",
            ["type last"] = $"Content-Type: application/x\r\nContent-Type: {Object}\r\n{Encoded}\r\n{opaque}",
            ["type in the middle"] = $"Content-Type: text/plain\r\nContent-Type: {Object}\r\nContent-Type: text/html\r\n{Encoded}\r\n{opaque}",
            ["encoding last"] = $"Content-Type: {Object}\r\nContent-Transfer-Encoding: 7bit\r\n{Encoded}\r\n{opaque}",
            ["disposition last"] = $"Content-Type: application/octet-stream\r\nContent-Disposition: inline\r\n{Named}{Encoded}\r\n{opaque}",
            ["all of them last"] = $"Content-Type: text/plain\r\nContent-Type: application/octet-stream\r\nContent-Disposition: inline\r\n{Named}Content-Transfer-Encoding: 7bit\r\n{Encoded}\r\n{opaque}",
            ["name beside the file name"] = $"Content-Type: application/octet-stream; name=smime.p7m\r\nContent-Disposition: attachment; filename=a.txt\r\n{Encoded}\r\n{opaque}",
            ["encoded file name"] = $"Content-Type: application/octet-stream\r\nContent-Disposition: attachment; filename=a.txt; filename*=utf-8''smime%2Ep7m\r\n{Encoded}\r\n{opaque}",
            ["name of a detached signature"] = $"Content-Type: application/octet-stream; name=smime.p7s\r\n{Encoded}\r\n{opaque}",
            ["full width dot"] = $"Content-Type: application/octet-stream; name=\"smime\uFF0Ep7m\"\r\n{Encoded}\r\n{opaque}",
            ["no name"] = $"Content-Type: application/octet-stream\r\n{Encoded}\r\n{opaque}",
            ["detached signature"] = $"Content-Type: application/pkcs7-signature; name=smime.p7s\r\n{Encoded}\r\n{opaque}",
            ["other application"] = $"Content-Type: application/x-smime\r\n{Encoded}\r\n{opaque}",
            ["comment"] = $"Content-Type: application/(x)pkcs7-mime; smime-type=signed-data\r\n{Encoded}\r\n{opaque}",
            ["encoded type"] = $"Content-Type: =?utf-8?q?application/=70kcs7-mime?=; smime-type=signed-data\r\n{Encoded}\r\n{opaque}",
            ["semicolon first"] = $"Content-Type: ;{Object}\r\n{Encoded}\r\n{opaque}",
            ["control"] = $"Content-Type: application/pkcs7-mime\u000B; smime-type=signed-data\r\n{Encoded}\r\n{opaque}",
            ["quoted type"] = $"Content-Type: \"application/pkcs7-mime\"; smime-type=signed-data\r\n{Encoded}\r\n{opaque}",
            ["junk in the encoding"] = $"Content-Type: {Object}\r\n{Encoded}\r\n!{opaque}",
            ["only part"] = $"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: {Object}\r\n{Encoded}\r\n{opaque}\r\n--b--\r\n",
            ["only part, type last"] = $"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\nContent-Type: {Object}\r\n{Encoded}\r\n{opaque}\r\n--b--\r\n",
            ["only part, hidden type"] = $"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\njunk\r\nContent-Type: {Object}\r\n{Encoded}\r\n{opaque}\r\n--b--\r\n",
            ["only part of the second type"] = $"Content-Type: text/plain\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: {Object}\r\n{Encoded}\r\n{opaque}\r\n--b--\r\n",
            ["only part, two boundaries"] = $"Content-Type: multipart/mixed; boundary=a; boundary=b\r\n\r\n--b\r\nContent-Type: {Object}\r\n{Encoded}\r\n{opaque}\r\n--b--\r\n",
            ["clear signed, last"] = $"Content-Type: text/plain\r\nContent-Type: {Signed}\r\n{clear}",
            ["clear signed, first"] = $"Content-Type: {Signed}\r\nContent-Type: text/plain\r\n{clear}",
            ["clear signed, as the only part"] = $"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: {Signed}\r\n{clear}\r\n--b--\r\n",
            ["clear signed, two ways to cut"] = $"Content-Type: {Signed}\r\n\r\n--sx\r\n{inner}{clear}".Replace(clear, "\r\n--s\r\n\r\nx\r\n--s\r\nContent-Type: application/pkcs7-signature\r\n\r\nMAA=\r\n--s--\r\n", StringComparison.Ordinal),
            ["a message, last"] = $"Content-Type: application/x\r\nContent-Type: message/rfc822\r\n\r\n{inner}",
            ["a message, first"] = $"Content-Type: message/rfc822\r\nContent-Type: application/x\r\n\r\n{inner}",
            ["a message with an object, last"] = $"Content-Type: text/plain\r\nContent-Type: message/rfc822\r\n\r\nContent-Type: {Object}\r\n{Encoded}\r\n{opaque}",
            ["a message in an object"] = $"Content-Type: {Object}\r\n{Encoded}\r\n{Opaque("Content-Type: text/plain\r\nContent-Type: message/rfc822\r\n\r\n" + inner)}",
            ["an object in an object"] = $"Content-Type: {Object}\r\n{Encoded}\r\n{Opaque($"Content-Type: text/plain\r\nContent-Type: {Object}\r\n{Encoded}\r\n{opaque}")}",
        };
    }

    private static string Opaque(string content)
    {
        using var stranger = new Signer(TestPki.Issue("stranger@example.org"), new SignerOptions { Chain = TestPki.Chain });
        var cms = stranger.SignEncapsulated(new ReadOnlySequence<byte>(Encoding.ASCII.GetBytes(content)), TestPki.Now).ToArray();
        return Convert.ToBase64String(cms, Base64FormattingOptions.InsertLineBreaks) + "\r\n";
    }
}
