using SmimeGateway.Mime.Authors;

namespace SmimeGateway.Mime.Tests;

public sealed class PlainAuthorTests
{
    private const int Count = 400_000;

    private static readonly string[] Pieces =
        ["a", "Bob", "x1", " ", " ", ".", ",", "@", "<", ">", "\"", "-", "_", "+", "'", "=?", "?=", "(", ")", ":", ";", "\\", "\t", "[", "]", "ü"];

    private static readonly string[] Frames = ["{0}@{1}", "<{0}@{1}>", "{2} <{0}@{1}>", "\"{2}\" <{0}@{1}>", "{2}", "{2}<{0}@{1}>"];

    [Fact]
    public void The_plain_form_is_read_as_all_the_ways_to_read_it_would_read_it()
    {
        var random = new Random(5322);
        var accepted = 0;
        var differing = new List<string>();
        for (var i = 0; i < Count; i++)
        {
            var body = string.Format(null, Frames[random.Next(Frames.Length)], Some(random, 3), Some(random, 3), Some(random, 5));
            if (!PlainAuthor.TryRead(body, out var mailbox))
            {
                continue;
            }

            accepted++;
            if (Describe(AuthorField.Read(body)) != Describe(AuthorField.Judge(body)) || AuthorField.Read(body).Mailboxes[0] != mailbox)
            {
                differing.Add(body);
            }
        }

        differing.ShouldBeEmpty();
        accepted.ShouldBeGreaterThan(Count / 50);
    }

    [Theory]
    [InlineData("alice@example.com")]
    [InlineData("<alice@example.com>")]
    [InlineData("Alice Doe <alice.doe+1@mail.example.com>")]
    [InlineData("\"Doe, Alice B.\" <alice@example.com>")]
    public void The_plain_form_is_what_most_mail_has(string body) => PlainAuthor.TryRead(body, out _).ShouldBeTrue();

    private static string Some(Random random, int most) =>
        string.Concat(Enumerable.Range(0, random.Next(1, most + 1)).Select(_ => Pieces[random.Next(4) == 0 ? random.Next(Pieces.Length) : random.Next(6)]));

    private static string Describe(AuthorField field) => string.Join(
        "|",
        [
            .. field.Mailboxes.Select(mailbox => mailbox.ToString()), "mentioned", .. field.Mentioned, $"{field.Fault}", $"{field.Doubt}", $"{field.IsSloppy}",
            $"{field.NamesNobody}", .. ((string[])["a", "bob", "Bobx1", "x1a", "b", ""]).Select(text => $"{field.MayShow(text)}"),
        ]);
}
