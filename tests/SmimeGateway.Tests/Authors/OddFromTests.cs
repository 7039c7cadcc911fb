using System.Buffers;
using System.Text;
using SmimeGateway.Cms;
using SmimeGateway.Deciding.Options;
using SmimeGateway.Mime;
using SmimeGateway.Mime.ProtectedForms;
using SmimeGateway.Protecting;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests.Authors;

public sealed class OddFromTests
{
    public enum Way
    {
        Clear,
        Opaque,
        ProtectedHeaders,
        SignAgain,
        Passing,
    }

    [Theory]
    [InlineData(Way.Clear)]
    [InlineData(Way.Opaque)]
    [InlineData(Way.ProtectedHeaders)]
    [InlineData(Way.SignAgain)]
    [InlineData(Way.Passing)]
    public async Task Whatever_a_From_looks_like_no_reader_sees_an_author_who_was_not_granted(Way way)
    {
        OddFroms.All.Count.ShouldBeGreaterThan(300);
        await using var bed = new AuthorBed([RuleFor(way)]);
        var left = new List<(int Field, byte[] Octets)>();
        var leftAs = new List<Protection>();
        for (var i = 0; i < OddFroms.All.Count; i++)
        {
            var (outcome, messages) = await bed.SendAsync(MailFor(way, OddFroms.All[i]));

            // 554 where nobody can tell where the header ends.
            (messages.Count > 0 ? outcome.Reply.Code == 250 : outcome.Reply.Code is 550 or 554).ShouldBeTrue($"{Show(i)}: {outcome.Reply} {outcome.Detail}");
            leftAs.AddRange(messages.Select(message => message.Protection));
            left.AddRange(messages.SelectMany(message => Layers(message.Content)).Select(octets => (i, octets)));
        }

        var readings = await AuthorReaders.ReadAsync([.. left.Select(entry => entry.Octets)]);

        Enumerable.Range(0, left.Count)
            .SelectMany(i => readings[i].Where(read => read.Address != SomeFrom.Own && (way != Way.Passing || !read.Reader.StartsWith(AuthorReaders.InName, StringComparison.Ordinal)))
                .Select(read => $"{read.Reader} reads {read.Address} in {Show(left[i].Field)}"))
            .ShouldBeEmpty();
        Enumerable.Range(0, left.Count)
            .Where(i => way != Way.Passing && readings[i].Any(read => read.Address == SomeFrom.Own))
            .Where(i => !readings[i].Contains(("MimeKit", SomeFrom.Own)))
            .Select(i => $"MimeKit reads no author in {Show(left[i].Field)}")
            .ShouldBeEmpty();

        // What is signed already is not written anew, so sloppy forms inside of it are refused.
        leftAs.Count.ShouldBeGreaterThan(way == Way.SignAgain ? 40 : 50);
        leftAs.ShouldAllBe(protection => way == Way.Passing
            ? protection == Protection.PassedUnchanged
            : protection == Protection.OpaqueSigned || (protection == Protection.ClearSigned && way != Way.Opaque));
    }

    private static RuleOptions RuleFor(Way way) => way switch
    {
        Way.Passing => new RuleOptions { Name = "all", Pass = true },
        Way.Opaque => AuthorBed.Signing(SignatureForm.Opaque, protectsHeaders: true),
        Way.SignAgain => AuthorBed.Signing(already: AlreadyProtected.SignAgain),
        _ => AuthorBed.Signing(protectsHeaders: way == Way.ProtectedHeaders),
    };

    private static byte[] MailFor(Way way, byte[] lines) => way != Way.SignAgain
        ? AuthorBed.Mail(lines)
        : AuthorBed.Mail(
            $"From: {SomeFrom.Own}",
            "Content-Type: multipart/signed; boundary=b; protocol=\"application/pkcs7-signature\"; micalg=sha-256\r\n\r\n--b\r\n"
            + Encoding.UTF8.GetString(lines)
            + "\r\nContent-Type: text/plain; hp=\"clear\"\r\n\r\nHello\r\n--b\r\nContent-Type: application/pkcs7-signature\r\n\r\nMAA=\r\n--b--\r\n");

    // The message, and what is inside of each signature, as a message of its own.
    private static IEnumerable<byte[]> Layers(ReadOnlyMemory<byte> octets)
    {
        yield return octets.ToArray();
        Entity.TryParse(octets, MimeLimits.Standard, out var entity, out _).ShouldBeTrue();
        var inside = entity.ContentType.MediaType == "multipart/signed" && entity.TryGetParts(out var parts, out _) ? parts[0].Raw
            : Pkcs7Mime.TryRead(entity, out var cms, out _) && SignedData.TryRead(cms, out var signed, out _) ? BuffersExtensions.ToArray(signed.Content!.Value)
            : default;
        foreach (var layer in inside.IsEmpty ? [] : Layers(inside))
        {
            yield return layer;
        }
    }

    private static string Show(int i) => Encoding.UTF8.GetString(OddFroms.All[i]);
}
