using System.Net;
using System.Net.Security;
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
    public async Task MailKit_takes_no_octets_but_what_MimeKit_makes_of_them()
    {
        await using var hop = new CollectingNextHop();
        var original = AwkwardMessages.All.Single(message => message.Name == "no closing boundary").Content;
        using var client = new SmtpClient();
        await client.ConnectAsync("127.0.0.1", hop.Port, SecureSocketOptions.None);
        using var stream = new MemoryStream(original);
        using var mail = await MimeMessage.LoadAsync(stream);

        await client.SendAsync(mail);

        (await hop.ReceivesAsync(1))[0].Content.AsSpan().SequenceEqual(original).ShouldBeFalse();
    }

    [Fact]
    public void MailKits_NTLM_names_nobody_whom_its_proof_is_for_and_the_frameworks_does()
    {
        var challenge = NtlmChallenge();
        var mailKit = new SaslMechanismNtlm("User", "Password");
        mailKit.Challenge(null);
        AppContext.SetSwitch("System.Net.Security.UseManagedNtlm", true);
        using var framework = new NegotiateAuthentication(new NegotiateAuthenticationClientOptions
        {
            Package = "NTLM",
            Credential = new NetworkCredential("User", "Password"),
            TargetName = "SMTPSVC/mx.example.net",
            RequiredProtectionLevel = ProtectionLevel.None,
        });
        framework.GetOutgoingBlob(default(ReadOnlySpan<byte>), out _);

        var proofs = (Encoding.Unicode.GetString(Convert.FromBase64String(mailKit.Challenge(Convert.ToBase64String(challenge)))),
            Encoding.Unicode.GetString(framework.GetOutgoingBlob(challenge, out _)!));

        proofs.Item1.ShouldNotContain("SMTPSVC");
        proofs.Item2.ShouldContain("SMTPSVC/mx.example.net");
    }

    [Fact]
    public async Task MailKit_gives_no_hold_of_the_socket_to_a_proxy()
    {
        await using var proxy = await Interop.ProxyInstance.StartAsync("socks5");
        await using var hop = new CollectingNextHop();

        await using var stream = await new MailKit.Net.Proxy.Socks5Client("127.0.0.1", proxy.Port).ConnectAsync("127.0.0.1", hop.Port, CancellationToken.None);

        // So that nobody could turn Nagle's algorithm off, or notice that the other side is gone.
        stream.ShouldNotBeAssignableTo<System.Net.Sockets.NetworkStream>();
        stream.GetType().GetProperties().ShouldNotContain(property => property.PropertyType == typeof(System.Net.Sockets.Socket) && property.DeclaringType!.IsPublic);
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

    // CHALLENGE_MESSAGE (MS-NLMP section 2.2.1.2) with a domain, a server and a time.
    private static byte[] NtlmChallenge()
    {
        var domain = Encoding.Unicode.GetBytes("Domain");
        byte[] target = [.. Pair(2, domain), .. Pair(1, Encoding.Unicode.GetBytes("Server")), .. Pair(7, BitConverter.GetBytes(DateTime.UnixEpoch.ToFileTimeUtc())), .. Pair(0, [])];
        return
        [
            .. "NTLMSSP\0"u8, 2, 0, 0, 0, .. Field(domain.Length, 56), .. BitConverter.GetBytes(0xE2898235), 1, 2, 3, 4, 5, 6, 7, 8, .. new byte[8],
            .. Field(target.Length, 56 + domain.Length), 10, 0, 0, 0, 0, 0, 0, 15, .. domain, .. target,
        ];

        static byte[] Pair(short id, byte[] value) => [.. BitConverter.GetBytes(id), .. BitConverter.GetBytes((short)value.Length), .. value];

        static byte[] Field(int length, int offset) => [.. BitConverter.GetBytes((short)length), .. BitConverter.GetBytes((short)length), .. BitConverter.GetBytes(offset)];
    }
}
