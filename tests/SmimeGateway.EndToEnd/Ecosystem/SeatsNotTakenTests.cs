using System.Text;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using SmimeGateway.TestSupport;
using Xunit.Abstractions;

namespace SmimeGateway.EndToEnd.Ecosystem;

/// <summary>
/// What keeps MimeKit from carrying mail and MailKit from delivering it, as decision 0001 tells it. A test that fails here says that a version
/// has mended something, and that its seat may be looked at again.
/// </summary>
public sealed class SeatsNotTakenTests(ITestOutputHelper output)
{
    [Fact]
    public void MimeKit_does_not_write_every_message_as_it_read_it()
    {
        var messages = AwkwardMessages.All.Where(message => message.Expected != AwkwardOutcome.Refused).ToList();

        var changed = messages.Where(message => !Rewritten(message.Content).AsSpan().SequenceEqual(message.Content)).Select(message => message.Name).ToList();

        output.WriteLine($"{changed.Count} of {messages.Count}: {string.Join("; ", changed)}");
        changed.ShouldContain("header only, without the empty line");
    }

    [Fact]
    public void MimeKit_guesses_at_an_author_where_the_field_names_two()
    {
        var from = InternetAddressList.Parse("erp@example.com <ceo@example.com>");

        from.Mailboxes.Select(mailbox => mailbox.Address).ShouldBe(["ceo@example.com"]);
    }

    [Fact]
    public async Task MailKit_sends_to_nobody_when_one_recipient_is_refused()
    {
        await using var hop = new CollectingNextHop { ReplyToRecipient = address => address == "gone@example.net" ? "550 5.1.1 no such user" : "250 2.1.5 taken" };
        using var client = new SmtpClient();
        await client.ConnectAsync("127.0.0.1", hop.Port, SecureSocketOptions.None);
        using var mail = new MimeMessage { Body = new TextPart("plain") { Text = "text" } };
        mail.From.Add(MailboxAddress.Parse("alice@example.com"));

        var refusal = await Should.ThrowAsync<SmtpCommandException>(
            client.SendAsync(mail, MailboxAddress.Parse("alice@example.com"), [MailboxAddress.Parse("bob@example.net"), MailboxAddress.Parse("gone@example.net")]));

        refusal.ErrorCode.ShouldBe(SmtpErrorCode.RecipientNotAccepted);
        hop.Messages.ShouldBeEmpty();
    }

    [Fact]
    public async Task MailKit_encodes_anew_what_a_signature_covers()
    {
        await using var hop = new CollectingNextHop();
        var original = Lines.Crlf("From: alice@example.com\nTo: bob@example.net\nContent-Transfer-Encoding: 8bit\n\n" + new string('\u00fc', 450) + "\n");
        using var client = new SmtpClient();
        await client.ConnectAsync("127.0.0.1", hop.Port, SecureSocketOptions.None);
        using var stream = new MemoryStream(original);
        using var mail = await MimeMessage.LoadAsync(stream);

        await client.SendAsync(mail);

        // The next hop offers 8BITMIME, and no line has more than 998 octets: nothing had to be done.
        var sent = Encoding.UTF8.GetString((await hop.ReceivesAsync(1))[0].Content);
        sent.ShouldContain("Content-Transfer-Encoding: quoted-printable", customMessage: sent);
    }

    private static byte[] Rewritten(byte[] content)
    {
        using var read = new MemoryStream(content);
        using var written = new MemoryStream();
        var format = FormatOptions.Default.Clone();
        format.NewLineFormat = NewLineFormat.Dos;
        using var message = MimeMessage.Load(read);
        message.WriteTo(format, written);
        return written.ToArray();
    }
}
