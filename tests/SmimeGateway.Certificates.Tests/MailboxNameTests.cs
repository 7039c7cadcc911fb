using System.Text;

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

    [Theory]
    [InlineData("ÄLICE@example.com", "älice@example.com")]
    [InlineData("a\u0308lice@example.com", "älice@example.com")]
    [InlineData("\"älice\"@example.com", "älice@example.com")]
    [InlineData("al..ice@example.com", "al..ice@example.com")]
    [InlineData("\"al..ice\"@example.com", "al..ice@example.com")]
    [InlineData(".alice.@example.com", ".alice.@example.com")]
    [InlineData("alice@example.com.", "alice@example.com")]
    [InlineData("alice@exämple。com。", "alice@xn--exmple-cua.com")]
    [InlineData("alice@exa\u0308mple\uFF0Ecom", "alice@xn--exmple-cua.com")]
    [InlineData("alice@example\uFF61com", "alice@example.com")]
    [InlineData("alice@\u212Aelvin.example", "alice@kelvin.example")]
    [InlineData("alice@ｅｘａｍｐｌｅ.com", "alice@example.com")]
    [InlineData("alice@straße.example", "alice@xn--strae-oqa.example")]
    [InlineData("alice@[192.0.02.1]", "alice@[192.0.2.1]")]
    [InlineData("alice@[IPV6:2001:DB8:0:0::1]", "alice@[ipv6:2001:db8::1]")]
    public void Notation_and_case_make_no_other_mailbox(string address, string form)
    {
        MailboxName.TryNormalize(address, out var key).ShouldBeTrue();

        key.ShouldBe(form);
    }

    [Theory]
    [InlineData("\u212Aim@example.com")]
    [InlineData("ſam@example.com")]
    [InlineData("ａlice@example.com")]
    [InlineData("a\u037Eb@example.com")]
    [InlineData("𝐚lice@example.com")]
    [InlineData("al\u200Dice@example.com")]
    [InlineData("al\uFE0Fice@example.com")]
    [InlineData("al\uE000ice@example.com")]
    public void What_servers_read_in_different_ways_has_no_form(string address) =>
        MailboxName.TryNormalize(address, out _).ShouldBeFalse();

    [Theory]
    [InlineData("yıldız@example.com")]
    [InlineData("ЁЖИК@пример.example")]
    [InlineData("用户@例え.example")]
    [InlineData("संपर्क@डाटामेल.example")]
    [InlineData("σίσυφος@ελλάδα.example")]
    public void Names_of_every_script_have_a_form(string address) =>
        MailboxName.TryNormalize(address, out _).ShouldBeTrue();

    [Fact]
    public void The_form_of_a_form_is_itself_for_every_character()
    {
        for (var value = 1; value <= 0x10FFFF; value++)
        {
            if (!Rune.TryCreate(value, out var rune) || !MailboxName.TryNormalizeLocalPart($"A{rune}b", out var form))
            {
                continue;
            }

            MailboxName.TryNormalizeLocalPart(form, out var again).ShouldBeTrue($"U+{value:X}");
            again.ShouldBe(form, $"U+{value:X}");
            (rune.IsAscii || !Ascii.IsValid(form)).ShouldBeTrue($"U+{value:X} became ASCII");
        }
    }

    [Fact]
    public void Every_domain_with_a_form_has_the_same_one_as_people_read_it()
    {
        for (var value = 0x80; value <= 0x2FFFF; value++)
        {
            if (Rune.TryCreate(value, out var rune) && DomainName.TryNormalize($"a{rune}b.example", out var form))
            {
                DomainName.TryNormalize(DomainName.ToUnicode(form), out var again).ShouldBeTrue($"U+{value:X}");
                again.ShouldBe(form, $"U+{value:X}");
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("alice")]
    [InlineData("@example.com")]
    [InlineData("alice@")]
    [InlineData("alice@example..com")]
    [InlineData("alice@.example.com")]
    [InlineData("alice@exam ple.com")]
    [InlineData("al ice@example.com")]
    [InlineData("alice\r\n@example.com")]
    [InlineData("alice@example.com\0.evil.example")]
    [InlineData("\"alice@example.com")]
    [InlineData("\"al\"ice\"@example.com")]
    [InlineData("\"alice\\\"@example.com")]
    [InlineData("<alice@example.com>")]
    [InlineData("al\u200Bice@example.com")]
    [InlineData("alice@exa\u202Emple.com")]
    [InlineData("alice@example.com..")]
    [InlineData("alice@.")]
    [InlineData("alice@mü--x.example")]
    [InlineData("alice@mü*.example")]
    [InlineData("alice@℀.mü")]
    [InlineData("alice@[192.0.2.256]")]
    [InlineData("alice@[IPv6:::1%eth0]")]
    [InlineData("\"\"@example.com")]
    public void What_is_no_plausible_mailbox_has_no_form(string address)
    {
        MailboxName.TryNormalize(address, out _).ShouldBeFalse();
    }

    [Fact]
    public void An_overlong_address_has_no_form()
    {
        MailboxName.TryNormalize(new string('a', 256) + "@example.com", out _).ShouldBeFalse();
        MailboxName.TryNormalize("alice@" + string.Join('.', Enumerable.Repeat("label", 60)), out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData("Alice@Example.COM", "alice@example.com")]
    [InlineData("\"Alice\"@exämple.com", "alice@xn--exmple-cua.com")]
    [InlineData("\"John Doe\"@Example.com", "\"john doe\"@example.com")]
    [InlineData("\"a@b\"@example.com", "\"a@b\"@example.com")]
    [InlineData("a..b@example.com", "\"a..b\"@example.com")]
    [InlineData("\"a\\\"b\\\\c\"@example.com", "\"a\\\"b\\\\c\"@example.com")]
    public void An_address_is_written_with_the_quotes_it_needs(string address, string expected)
    {
        MailboxName.TryWrite(address, out var written).ShouldBeTrue();

        written.ShouldBe(expected);
    }
}
