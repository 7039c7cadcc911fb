using SmimeGateway.Mime;
using SmimeGateway.Mime.Authors;
using SmimeGateway.Tests.Authors;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests.Limits;

public sealed class LongAddressTests
{
    public static TheoryData<string> Repeated => ["[:", ":", "(", ")", "\"", "\\", "<", "@a,", "a@[", "[", ".", ";", "=?", "=?utf-8?q?", "a@b ("];

    [Theory]
    [MemberData(nameof(Repeated))]
    public async Task A_field_of_addresses_as_long_as_a_header_costs_no_more_than_its_length(string repeated)
    {
        // A mebibyte in a time that grows with the square takes minutes or hours; no time is measured.
        await using var bed = new AuthorBed([AuthorBed.Signing(protectsHeaders: true)]);
        var text = string.Concat(Enumerable.Repeat(repeated, 1_000_000 / repeated.Length));
        foreach (var name in new[] { "From", "Sender", "Resent-From", "To", "Cc", "Reply-To", "Subject", "X-Other" })
        {
            var (outcome, _) = await bed.SendAsync(AuthorBed.Mail($"{(name == "From" ? string.Empty : $"From: {SomeFrom.Own}\r\n")}{name}: a@[{text}]"))
                .WaitAsync(TimeSpan.FromMinutes(2));

            outcome.Reply.Code.ShouldBeOneOf(250, 550, 554);
        }
    }

    [Fact]
    public void A_literal_of_a_mebibyte_is_read_from_left_to_right()
    {
        var list = "a@[" + new string(':', 1_000_000) + "]";

        AddressList.TryParse(list, out var mailboxes).ShouldBe(AddressList.TryParse("a@[:]", out _));

        mailboxes.Count.ShouldBeLessThan(2);
        AuthorField.Read(list[..60_000] + "]").Mailboxes.Count.ShouldBeLessThan(2);
    }
}
