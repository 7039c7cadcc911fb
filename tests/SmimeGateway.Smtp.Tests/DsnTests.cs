namespace SmimeGateway.Smtp.Tests;

public sealed class DsnTests
{
    public static TheoryData<string> MalformedMailParameters => new(
        "RET", "RET=", "RET=ALL", "RET=FULL RET=HDRS", "ENVID", "ENVID=", "ENVID=a+", "ENVID=a+2", "ENVID=a+2b", "ENVID=a+0D+0A", "ENVID=a+00", "ENVID=+7F",
        "ENVID=+C3+BC", "ENVID=\u00fc", "ENVID=a=b", "ENVID=1 ENVID=2", "ENVID=" + new string('x', 101));

    public static TheoryData<string> MalformedRcptParameters => new(
        "NOTIFY", "NOTIFY=", "NOTIFY=ALWAYS", "NOTIFY=NEVER,DELAY", "NOTIFY=SUCCESS,NEVER", "NOTIFY=SUCCESS,", "NOTIFY=,SUCCESS", "NOTIFY=DELAY,DELAY",
        "NOTIFY=DELAY NOTIFY=DELAY");

    public static TheoryData<string> MalformedOriginalRecipients => new(
        "ORCPT", "ORCPT=", "ORCPT=rfc822", "ORCPT=rfc822;", "ORCPT=;a", "ORCPT=rf<c822;a", "ORCPT=rfc822;a+0D+0ABcc:+20b", "ORCPT=rfc822;a+0a",
        "ORCPT=rfc822;a+00", "ORCPT=rfc822;+C2+85", "ORCPT=rfc822;j+C3+B6rg@b.example", "ORCPT=rfc822;a@\u00fc.example", "ORCPT=rfc822;a=b@c.example",
        @"ORCPT=utf-8;a\x{D}", @"ORCPT=utf-8;a\x{0A}", @"ORCPT=utf-8;a\x{D800}", @"ORCPT=utf-8;\x{",
        @"ORCPT=utf-8;a\x{}", @"ORCPT=utf-8;a\x{1234567}", @"ORCPT=utf-8;a\x{2028}", "ORCPT=utf-8;a\u0085", "ORCPT=rfc822;" + new string('x', 494));

    [Fact]
    public async Task What_is_asked_for_reaches_the_handler_as_it_was_written()
    {
        await using var dialog = await InMemoryDialog.GreetAsync();

        (await dialog.ExchangeAsync("MAIL FROM:<alice@example.com> RET=hdrs ENVID=QQ314159+2B")).ShouldStartWith("250 ");
        (await dialog.ExchangeAsync("RCPT TO:<bob@example.net> NOTIFY=success,Delay ORCPT=rfc822;Bob+2Bx@example.net")).ShouldStartWith("250 ");
        (await dialog.ExchangeAsync("RCPT TO:<carol@example.net> notify=NEVER")).ShouldStartWith("250 ");
        (await dialog.ExchangeAsync(@"RCPT TO:<dave@example.net> ORCPT=utf-8;dave\x{20AC}@example.net")).ShouldStartWith("250 ");
        await dialog.ExchangeAsync("BDAT 0 LAST");

        var envelope = dialog.Messages.ShouldHaveSingleItem().Envelope;
        (envelope.Return, envelope.EnvelopeId).ShouldBe((ReturnedContent.Headers, "QQ314159+2B"));
        envelope.Recipients.Select(recipient => (recipient.Notify, recipient.OriginalRecipient)).ShouldBe(
        [
            (Notify.Success | Notify.Delay, "rfc822;Bob+2Bx@example.net"), (Notify.Never, null), (Notify.None, @"utf-8;dave\x{20AC}@example.net"),
        ]);
    }

    [Theory]
    [MemberData(nameof(MalformedMailParameters))]
    public async Task A_malformed_parameter_of_MAIL_is_refused(string parameters)
    {
        await using var dialog = await InMemoryDialog.GreetAsync();

        (await dialog.ExchangeAsync("MAIL FROM:<alice@example.com> " + parameters)).ShouldStartWith("501 5.5.4 ");
    }

    [Theory]
    [MemberData(nameof(MalformedRcptParameters))]
    public async Task A_malformed_parameter_of_RCPT_is_refused(string parameters)
    {
        await using var dialog = await InMemoryDialog.GreetAsync();
        await dialog.ExchangeAsync("MAIL FROM:<alice@example.com> SMTPUTF8");

        (await dialog.ExchangeAsync("RCPT TO:<bob@example.net> " + parameters)).ShouldStartWith("501 5.5.4 ");
    }

    [Theory]
    [MemberData(nameof(MalformedOriginalRecipients))]
    public async Task A_malformed_original_recipient_costs_the_report_a_detail_and_never_the_mail(string parameter)
    {
        await using var dialog = await InMemoryDialog.GreetAsync();
        await dialog.ExchangeAsync("MAIL FROM:<alice@example.com> SMTPUTF8");

        (await dialog.ExchangeAsync($"RCPT TO:<bob@example.net> {parameter} NOTIFY=FAILURE")).ShouldStartWith("250 ");
        await dialog.ExchangeAsync("BDAT 0 LAST");

        var recipient = dialog.Messages.ShouldHaveSingleItem().Envelope.Recipients.ShouldHaveSingleItem();
        (recipient.OriginalRecipient, recipient.Notify).ShouldBe((null, Notify.Failure));
    }

    [Theory]
    [InlineData("", null)]
    [InlineData(" SMTPUTF8", "utf-8;b\u00f6b@example.net")]
    public async Task An_original_recipient_outside_ASCII_is_kept_with_SMTPUTF8_alone(string parameter, string? kept)
    {
        await using var dialog = await InMemoryDialog.GreetAsync();
        await dialog.ExchangeAsync("MAIL FROM:<alice@example.com>" + parameter);

        (await dialog.ExchangeAsync("RCPT TO:<bob@example.net> ORCPT=utf-8;b\u00f6b@example.net")).ShouldStartWith("250 ");
        await dialog.ExchangeAsync("BDAT 0 LAST");

        dialog.Messages.ShouldHaveSingleItem().Envelope.Recipients.ShouldHaveSingleItem().OriginalRecipient.ShouldBe(kept);
    }

    [Fact]
    public async Task Of_two_original_recipients_the_first_counts()
    {
        await using var dialog = await InMemoryDialog.GreetAsync();
        await dialog.ExchangeAsync("MAIL FROM:<alice@example.com>");

        (await dialog.ExchangeAsync("RCPT TO:<bob@example.net> ORCPT=rfc822;a ORCPT=rfc822;b")).ShouldStartWith("250 ");
        await dialog.ExchangeAsync("BDAT 0 LAST");

        dialog.Messages.ShouldHaveSingleItem().Envelope.Recipients.ShouldHaveSingleItem().OriginalRecipient.ShouldBe("rfc822;a");
    }

    [Theory]
    [InlineData("MAIL FROM:<a@example.com> NOTIFY=NEVER")]
    [InlineData("MAIL FROM:<a@example.com> AUTH=<>")]
    [InlineData("MAIL FROM:<a@example.com> BY=120;R")]
    public async Task A_parameter_that_no_announced_extension_gives_to_the_command_is_not_recognized(string command)
    {
        await using var dialog = await InMemoryDialog.GreetAsync();

        (await dialog.ExchangeAsync(command)).ShouldStartWith("555 5.5.4 ");
    }

    [Fact]
    public async Task Every_parameter_may_have_its_full_length()
    {
        await using var dialog = await InMemoryDialog.GreetAsync();

        (await dialog.ExchangeAsync("MAIL FROM:<alice@example.com> ENVID=" + new string('x', 100))).ShouldStartWith("250 ");
        (await dialog.ExchangeAsync("RCPT TO:<bob@example.net> ORCPT=rfc822;" + new string('x', 493))).ShouldStartWith("250 ");
    }

    [Theory]
    [InlineData("MAIL FROM:<\"a\rb\"@example.com>")]
    [InlineData("MAIL FROM:<\"a\\\rb\"@example.com>")]
    [InlineData("MAIL FROM:<\"a\nRCPT TO:<victim@example.net>\"@example.com>")]
    [InlineData("MAIL FROM:<a@example.com> ENVID=a\rb")]
    [InlineData("MAIL FROM:<a@example.com> AUTH=a\nb@example.com")]
    [InlineData("RCPT TO:<bob@example.net> ORCPT=rfc822;a\rb")]
    public async Task Line_ends_inside_a_command_make_it_no_command(string command)
    {
        await using var dialog = await InMemoryDialog.GreetAsync();

        (await dialog.ExchangeAsync(command)).ShouldStartWith("500 5.5.2 ");
    }
}
