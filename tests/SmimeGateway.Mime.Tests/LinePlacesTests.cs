using System.Text;
using SmimeGateway.Mime.Authors;
using SmimeGateway.Mime.Hardening;
using SmimeGateway.Mime.Tests.Corpus;
using SmimeGateway.Mime.Transfer;

namespace SmimeGateway.Mime.Tests;

public sealed class LinePlacesTests
{
    public static TheoryData<string> AddressFields => new(
        "From", "Sender", "Reply-To", "To", "Cc", "Resent-From", "Resent-Sender", "Resent-Reply-To", "Resent-To", "Resent-Cc",
        "Disposition-Notification-To", "Return-Receipt-To", "Errors-To", "Mail-Followup-To", "Mail-Reply-To", "X-Confirm-Reading-To");

    [Theory]
    [MemberData(nameof(AddressFields))]
    public void No_address_is_broken_in_any_field_that_holds_addresses(string name) =>
        OuterLines.TryFit(Split($"{name}: {new string('x', 1100)}@example.com\r\n"), out _, out _).ShouldBeFalse();

    [Theory]
    [InlineData("Message-ID", 1)]
    [InlineData("References", 60)]
    [InlineData("In-Reply-To", 60)]
    public void An_identifier_gets_no_blank_though_commas_stand_in_it(string name, int count)
    {
        var id = $"<{string.Concat(Enumerable.Repeat("a,;", count == 1 ? 400 : 10))}@example.com>";

        var fits = OuterLines.TryFit(Split($"{name}: {string.Concat(Enumerable.Repeat(id, count))}\r\n"), out var fitting, out _);

        fits.ShouldBe(count > 1);
        fitting?.OuterFields[0].Body.Split(' ').ShouldAllBe(piece => piece.StartsWith('<') && piece.EndsWith('>'));
    }

    [Fact]
    public void A_line_is_not_folded_at_a_separator_within_quotes()
    {
        var addresses = string.Concat(Enumerable.Range(0, 20).Select(i => $"<{i:D20}@example.com>,"));
        var quoted = $"\"{string.Concat(Enumerable.Repeat("x,", 300))}\"<last@example.com>";

        OuterLines.TryFit(Split($"To: {addresses}{quoted}\r\n"), out var fitting, out _).ShouldBeTrue();

        Encoding.ASCII.GetString(fitting!.OuterFields[0].Raw.Span).ShouldContain(quoted);
    }

    [Theory]
    [InlineData("Content-Transfer-Encoding:\r\n 8bit\r\n", false)]
    [InlineData("Content-Transfer-Encoding:\r\n\tbinary\r\n", false)]
    [InlineData("Content-Transfer-Encoding\r\n : 8bit\r\n", false)]
    [InlineData("Content-Transfer-Encoding: 7bit\r\n", true)]
    public void A_label_is_suspected_on_the_next_line_too(string lines, bool isSafe) =>
        TransitScan.IsSafeWithLabels(Encoding.ASCII.GetBytes(lines)).ShouldBe(isSafe);

    [Fact]
    public void A_name_with_DEL_in_it_is_a_hidden_one()
    {
        var lines = AuthorLines.Find(Read.Message("Fr\u007Fom: eve@example.com\r\nFrom: alice@example.com\r\n\r\nx"), "From");

        lines.HasHidden.ShouldBeTrue();
        lines.Fields.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("# is no field\r\nand neither is this")]
    [InlineData("\r\n# and its end")]
    [InlineData("")]
    public void A_header_that_no_empty_line_ends_gets_none_where_its_body_stays(string rest)
    {
        var ids = string.Join(' ', Enumerable.Range(0, 60).Select(i => $"<{i:D30}@example.com>"));
        var body = rest.Replace("#", new string('x', 1200), StringComparison.Ordinal);

        // What its author signed stays.
        var head = $"Content-Type: multipart/signed; protocol=\"application/pgp-signature\"; boundary=b\r\nReferences: {ids}\r\n";

        var shortened = Encoding.ASCII.GetString(ShortLines.Make(Encoding.ASCII.GetBytes(head + body)).Span);

        shortened.ShouldEndWith("@example.com>\r\n" + body);
        shortened.Split("\r\n").ShouldAllBe(line => line.Length <= 998 || line.StartsWith('x'));
    }

    private static SplitMessage Split(string fields) => ContentSplit.Split(Read.Message(fields + "\r\nbody"));
}
