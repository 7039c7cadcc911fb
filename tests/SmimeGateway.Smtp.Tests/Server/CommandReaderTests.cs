using System.Text;
using SmimeGateway.Smtp.Server.Commands;

namespace SmimeGateway.Smtp.Tests.Server;

public sealed class CommandReaderTests
{
    [Theory]
    [InlineData("EHLO client.example.com", "Ehlo")]
    [InlineData("ehlo [IPv6:::1]", "Ehlo")]
    [InlineData("hElO my laptop", "Helo")]
    [InlineData("MAIL FROM:<>", "Mail")]
    [InlineData("mail from:<alice@example.com>", "Mail")]
    [InlineData("MAIL FROM: <alice@example.com>", "Mail")]
    [InlineData("MAIL FROM:<\"a>b \\\" c\"@example.com> SIZE=1", "Mail")]
    [InlineData("RCPT TO:<@hop.example:bob@example.net>", "Rcpt")]
    [InlineData("rcpt to:<Postmaster>", "Rcpt")]
    [InlineData("DATA  ", "Data")]
    [InlineData("NOOP anything", "Noop")]
    [InlineData("VRFY bob", "Vrfy")]
    [InlineData("HELP MAIL", "Help")]
    public void A_well_formed_command_is_understood(string line, string verb)
    {
        var command = Read(line);

        command.Fault.ShouldBeNull();
        command.Verb.ToString().ShouldBe(verb);
    }

    [Theory]
    [InlineData("", "500 5.5.1")]
    [InlineData(" ", "500 5.5.1")]
    [InlineData("XYZZY", "500 5.5.1")]
    [InlineData("MAILFROM:<a@b.example>", "500 5.5.1")]
    [InlineData(" MAIL FROM:<a@b.example>", "500 5.5.1")]
    [InlineData("MAIL\tFROM:<a@b.example>", "500 5.5.2")]
    [InlineData("NOOP \0", "500 5.5.2")]
    [InlineData("NOOP \u007f", "500 5.5.2")]
    [InlineData("RCPT TO:<\"a\rb\"@example.com>", "500 5.5.2")]
    [InlineData("EHLO", "501 say")]
    [InlineData("EHLO bücher.example", "501 say")]
    [InlineData("DATA now", "501 5.5.4")]
    [InlineData("RSET now", "501 5.5.4")]
    [InlineData("QUIT now", "501 5.5.4")]
    [InlineData("VRFY", "501 5.5.4")]
    [InlineData("MAIL", "501 5.5.4")]
    [InlineData("MAIL TO:<a@b.example>", "501 5.5.4")]
    [InlineData("MAIL FROM", "501 5.5.4")]
    [InlineData("MAIL FROM:<a@b.example", "501 5.1.7")]
    [InlineData("MAIL FROM:<postmaster>", "501 5.1.7")]
    [InlineData("MAIL FROM:<a b@b.example>", "501 5.1.7")]
    [InlineData("RCPT TO:<>", "501 5.1.3")]
    [InlineData("RCPT TO:<alice>", "501 5.1.3")]
    [InlineData("MAIL FROM:<a@b.example>SIZE=1", "501 5.5.4")]
    [InlineData("MAIL FROM:<a@b.example> SIZE", "501 5.5.4")]
    [InlineData("MAIL FROM:<a@b.example> SIZE=", "501 5.5.4")]
    [InlineData("MAIL FROM:<a@b.example> SIZE=x", "501 5.5.4")]
    [InlineData("MAIL FROM:<a@b.example> SIZE=-1", "501 5.5.4")]
    [InlineData("MAIL FROM:<a@b.example> SIZE=123456789012345678901", "501 5.5.4")]
    [InlineData("MAIL FROM:<a@b.example> SIZE=1 SIZE=1", "501 5.5.4")]
    [InlineData("MAIL FROM:<a@b.example> BODY=BINARYMIME", "501 5.5.4")]
    [InlineData("MAIL FROM:<a@b.example> SMTPUTF8=1", "501 5.5.4")]
    [InlineData("MAIL FROM:<a@b.example> =1", "501 5.5.4")]
    [InlineData("MAIL FROM:<a@b.example> A=B=C", "501 5.5.4")]
    [InlineData("MAIL FROM:<a@b.example> RET=HEAD", "501 5.5.4")]
    [InlineData("MAIL FROM:<a@b.example> AUTH=<", "501 5.5.4")]
    [InlineData("RCPT TO:<a@b.example> RET=HDRS", "555 5.5.4")]
    [InlineData("RCPT TO:<a@b.example> SIZE=1", "555 5.5.4")]
    [InlineData("MAIL FROM:<å@b.example>", "553 5.6.7")]
    [InlineData("STARTTLS now", "501 5.5.4")]
    [InlineData("AUTH PLAIN AGEAYg", "501 5.5.2")]
    [InlineData("BDAT 1 FIRST", "501 5.5.4")]
    [InlineData("EXPN list", "502 5.5.1")]
    public void What_is_wrong_with_a_command_is_said_exactly(string line, string reply) =>
        Read(line).Fault.ShouldNotBeNull().ToString().ShouldStartWith(reply);

    [Theory]
    [InlineData("MAIL FROM:alice@b.example", "alice@b.example")]
    [InlineData("MAIL FROM: alice@b.example  SIZE=10 BODY=8BITMIME", "alice@b.example")]
    [InlineData("RCPT TO:bob@b.example NOTIFY=NEVER", "bob@b.example")]
    [InlineData("rcpt to: \"john doe\"@b.example NOTIFY=NEVER", "\"john doe\"@b.example")]
    [InlineData("RCPT TO:postmaster", "postmaster")]
    [InlineData("RCPT TO:a..b@docomo.example.", "\"a..b\"@docomo.example")]
    [InlineData("RCPT TO:<ab.@docomo.example.>", "\"ab.\"@docomo.example")]
    public void A_path_may_stand_without_brackets_with_dots_anywhere_and_the_dot_of_the_root(string line, string address)
    {
        var command = Read(line);

        command.Fault.ShouldBeNull();
        command.Path!.Address.ShouldBe(address);
    }

    [Theory]
    [InlineData("MAIL FROM:", "501 5.1.7")]
    [InlineData("MAIL FROM: SIZE=10", "501 5.1.7")]
    [InlineData("MAIL FROM:alice@b.example>", "501 5.1.7")]
    [InlineData("MAIL FROM:alice@b.example bob@b.example", "501 5.5.4")]
    [InlineData("RCPT TO:", "501 5.1.3")]
    [InlineData("RCPT TO:alice", "501 5.1.3")]
    [InlineData("RCPT TO:\"alice b@b.example", "501 5.1.3")]
    [InlineData("RCPT TO:Bob <bob@b.example>", "501 5.1.3")]
    public void Without_brackets_a_path_is_still_a_path(string line, string reply) =>
        Read(line).Fault.ShouldNotBeNull().ToString().ShouldStartWith(reply);

    [Fact]
    public void Broken_UTF8_is_no_command() =>
        CommandReader.Read([.. "NOOP "u8, 0xC3]).Fault.ShouldBe(Replies.MalformedLine);

    [Fact]
    public void The_parameters_of_MAIL_are_read_in_any_order_and_case()
    {
        var command = Read("MAIL FROM:<å@b.example> smtputf8  body=8bitmime SIZE=12345 ");

        command.Fault.ShouldBeNull();
        command.Path!.Address.ShouldBe("å@b.example");
        command.Parameters.Size.ShouldBe(12345);
        command.Parameters.Body.ShouldBe(BodyType.EightBitMime);
        command.Parameters.SmtpUtf8.ShouldBeTrue();
    }

    [Fact]
    public void A_size_beyond_all_numbers_is_still_a_size() =>
        Read("MAIL FROM:<a@b.example> SIZE=99999999999999999999").Parameters.Size.ShouldBe(long.MaxValue);

    [Fact]
    public void A_name_is_kept_as_it_was_said() => Read("EHLO  John's PC ").HeloName.ShouldBe("John's PC");

    private static Command Read(string line) => CommandReader.Read(Encoding.UTF8.GetBytes(line));
}
