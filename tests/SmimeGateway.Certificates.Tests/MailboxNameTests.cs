namespace SmimeGateway.Certificates.Tests;

public sealed class MailboxNameTests
{
    [Theory]
    [InlineData("Alice@Example.COM", "alice@example.com")]
    [InlineData("alice@exämple.com", "alice@xn--exmple-cua.com")]
    [InlineData("alice@EXÄMPLE.com", "alice@xn--exmple-cua.com")]
    [InlineData("alice@XN--EXMPLE-CUA.com", "alice@xn--exmple-cua.com")]
    [InlineData("\"alice\"@example.com", "alice@example.com")]
    [InlineData("\"al\\ice\"@example.com", "alice@example.com")]
    [InlineData("\"john doe\"@example.com", "john doe@example.com")]
    [InlineData("\"a@b\"@example.com", "a@b@example.com")]
    [InlineData("älice@example.com", "älice@example.com")]
    public void Equal_mailboxes_have_one_form(string address, string form)
    {
        MailboxName.TryNormalize(address, out var key).ShouldBeTrue();

        key.ShouldBe(form);
    }

    [Fact]
    public void Letters_beyond_ascii_are_compared_exactly_in_the_local_part()
    {
        MailboxName.TryNormalize("älice@example.com", out var small);
        MailboxName.TryNormalize("Älice@example.com", out var large);

        large.ShouldNotBe(small);
    }

    [Fact]
    public void A_foreign_letter_that_folds_to_an_ascii_one_stays_foreign()
    {
        MailboxName.TryNormalize("alice@\u212Aelvin.example", out var key);

        key.ShouldNotBe("alice@kelvin.example");
    }

    [Theory]
    [InlineData("")]
    [InlineData("alice")]
    [InlineData("@example.com")]
    [InlineData("alice@")]
    [InlineData("alice@example..com")]
    [InlineData("alice@.example.com")]
    [InlineData("alice@example.com.")]
    [InlineData("alice@exam ple.com")]
    [InlineData("al ice@example.com")]
    [InlineData(".alice@example.com")]
    [InlineData("al..ice@example.com")]
    [InlineData("alice\r\n@example.com")]
    [InlineData("alice@example.com\0.evil.example")]
    [InlineData("\"alice@example.com")]
    [InlineData("\"al\"ice\"@example.com")]
    [InlineData("\"alice\\\"@example.com")]
    [InlineData("<alice@example.com>")]
    [InlineData("alice@[192.0.2.1]")]
    [InlineData("al\u200Bice@example.com")]
    [InlineData("alice@exa\u202Emple.com")]
    public void What_is_no_plausible_mailbox_has_no_form(string address)
    {
        MailboxName.TryNormalize(address, out _).ShouldBeFalse();
    }

    [Fact]
    public void An_overlong_address_has_no_form()
    {
        MailboxName.TryNormalize(new string('a', 65) + "@example.com", out _).ShouldBeFalse();
        MailboxName.TryNormalize("alice@" + string.Join('.', Enumerable.Repeat("label", 60)), out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData("Alice@Example.COM", "alice@example.com")]
    [InlineData("\"Alice\"@exämple.com", "alice@xn--exmple-cua.com")]
    [InlineData("\"John Doe\"@Example.com", "\"john doe\"@example.com")]
    [InlineData("\"a@b\"@example.com", "\"a@b\"@example.com")]
    public void An_address_is_written_with_the_quotes_it_needs(string address, string expected)
    {
        MailboxName.TryWrite(address, out var written).ShouldBeTrue();

        written.ShouldBe(expected);
    }
}
