using System.Text;
using SmimeGateway.Mime.Authors;
using SmimeGateway.Mime.ProtectedHeaders;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Mime.Tests;

public sealed class AuthorFieldReadersTests
{
    private const int Count = 20_000;

    [Fact]
    public async Task Nobody_reads_an_author_in_a_From_field_whom_the_gateway_did_not_judge()
    {
        var random = new Random(20261128);
        var bodies = Enumerable.Range(0, Count).Select(_ => SomeFrom.Generate(random)).ToList();

        var readings = await AuthorReaders.ReadAsync([.. bodies.Select(ToMessage)]);

        var strangers = new List<string>();
        for (var i = 0; i < Count; i++)
        {
            var judged = AuthorField.Read(bodies[i]);
            if (judged.Fault is null)
            {
                strangers.AddRange(Strangers(bodies[i], judged, readings[i]));
            }
        }

        strangers.ShouldBeEmpty();
        bodies.Count(body => AuthorField.Read(body).Fault is null).ShouldBeGreaterThan(Count / 10);
    }

    [Fact]
    public async Task Nobody_is_shown_another_address_in_a_name_that_the_gateway_has_no_doubt_of()
    {
        var random = new Random(20261129);
        var judged = Enumerable.Range(0, Count).Select(_ => SomeFrom.GenerateName(random)).Select(body => (Body: body, Judged: AuthorField.Read(body))).ToList();

        var readings = await AuthorReaders.ReadAsync([.. judged.Select(entry => ToMessage(entry.Body))]);

        Enumerable.Range(0, Count)
            .Where(i => judged[i].Judged is { Fault: null, Doubt: null })
            .SelectMany(i => Strangers(judged[i].Body, judged[i].Judged, readings[i]))
            .ShouldBeEmpty();
        // The table is sharp only if readers are shown strangers in it, and people are read.
        readings.Count(read => read.Any(entry => entry.Reader.StartsWith(AuthorReaders.InName, StringComparison.Ordinal) && entry.Address == SomeFrom.Other))
            .ShouldBeGreaterThan(Count / 20);
        judged.Count(entry => entry.Judged is { Fault: null, Doubt: null }).ShouldBeGreaterThan(Count / 40);
    }

    [Theory]
    [InlineData("a@x.example, ", 101)]
    [InlineData("a@b (", 1001)]
    [InlineData(") a@b ", 1001)]
    [InlineData("(x) ", 20_000)]
    public void A_field_of_more_than_anybody_reads_is_not_searched_for_addresses(string piece, int count)
    {
        var read = AuthorField.Read(string.Concat(Enumerable.Repeat(piece, count)) + "alice@example.com");

        read.Fault.ShouldNotBeNull();
        read.Mailboxes.ShouldBeEmpty();
        read.Mentioned.ShouldBeEmpty();
        read.MayShow("anybody@at.all.example").ShouldBe(piece != "a@x.example, ");
    }

    [Fact]
    public async Task Nobody_reads_an_author_in_a_field_written_anew_whom_the_gateway_did_not_judge()
    {
        var random = new Random(9788);
        var judged = Enumerable.Range(0, Count)
            .Select(i => i % 2 == 0 ? SomeFrom.Generate(random) + " (\u00FC)" : "\u00FC " + SomeFrom.Generate(random))
            .Select(body => (Body: body, Judged: AuthorField.Read(body)))
            .Where(entry => entry.Judged.Fault is null)
            .ToList();

        var written = judged.ConvertAll(entry => (byte[])[.. CopiedFields.Copy(HeaderField.Compose("From", entry.Body)).Raw.Span, .. "\r\n"u8]);
        var readings = await AuthorReaders.ReadAsync(written);

        Enumerable.Range(0, judged.Count)
            .SelectMany(i => Strangers(Encoding.UTF8.GetString(written[i]), judged[i].Judged, readings[i]))
            .ShouldBeEmpty();
        judged.Count.ShouldBeGreaterThan(Count / 10);
    }

    private static IEnumerable<string> Strangers(string body, AuthorField judged, IReadOnlyList<(string Reader, string Address)> readings)
    {
        var mailboxes = judged.Mailboxes.Select(mailbox => $"{mailbox.LocalPart}@{mailbox.Domain}".Trim('\'')).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return readings
            .Where(read => judged.Doubt is null || !(read.Reader.StartsWith(AuthorReaders.DecodingFirst, StringComparison.Ordinal)
                || read.Reader.StartsWith(AuthorReaders.InName, StringComparison.Ordinal)))
            .Where(read => !mailboxes.Contains(read.Address) && !(IsMangled(read.Address) && mailboxes.Select(Readable).Contains(Readable(read.Address))))
            .Select(read => $"{read.Reader} reads {read.Address} in {body}, judged {string.Join(" ", mailboxes)}{(judged.Doubt is null ? string.Empty : " with doubt")}");
    }

    // Python without UTF-8 shows what is not ASCII as characters that nobody can read.
    private static bool IsMangled(string address) => address.Contains('\uFFFD', StringComparison.Ordinal);

    private static string Readable(string address) => string.Concat(address.Where(char.IsAscii)).ToLowerInvariant();

    private static byte[] ToMessage(string body) => Encoding.UTF8.GetBytes($"From: {body}\r\nSubject: x\r\n\r\ntext\r\n");
}
