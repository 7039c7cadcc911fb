using System.Text;
using SmimeGateway.TestSupport;
using Xunit.Abstractions;

namespace SmimeGateway.EndToEnd.Faults;

/// <summary>
/// Reads the system calls of the real process: every 250 after DATA or BDAT comes after a flush that covers the message.
/// FLUSH_AUDIT=10000 in the environment makes a long run.
/// </summary>
public sealed class FlushAuditTests(ITestOutputHelper output)
{
    private const int Sessions = 4;

    [Fact]
    public async Task Every_250_follows_a_flush_of_the_file_that_holds_the_message_and_of_the_folder_that_names_it()
    {
        var messagesPerSession = (Setting.Number("FLUSH_AUDIT") ?? 100) / Sessions;
        using var home = new GatewayHome();
        await using var nextHop = new CollectingNextHop();
        home.Configure(Members.Join(Members.Senders, "\"rules\": []", Members.Relay(nextHop.Port)));
        var trace = home.Folder + "/trace";
        string[] strace =
        [
            "strace", "-D", "-f", "-qq", "-y", "-s", "65536", "-o", trace,
            "-e", "trace=openat,rename,renameat,renameat2,write,pwrite64,writev,pwritev,pwritev2,fsync,fdatasync,sendto,sendmsg",
        ];
        var replies = new Dictionary<string, string>();
        await using (var gateway = await GatewayProcess.StartAsync(home, strace))
        {
            var sessions = Enumerable.Range(0, Sessions).Select(session => SendAsync(home.Port, session, messagesPerSession));
            foreach (var (id, reply) in (await Task.WhenAll(sessions)).SelectMany(all => all))
            {
                replies[id] = reply;
            }

            await nextHop.ReceivesAsync(replies.Count, TimeSpan.FromSeconds(300));
            await gateway.TerminateAsync();
        }

        var audit = new FlushAudit(SystemCallTrace.Read(trace), home.DataFolder + "/queue");
        replies.Select(pair => audit.FindFault(pair.Key, pair.Value)).Where(fault => fault is not null).ShouldBeEmpty();
        replies.Count.ShouldBe(Sessions * messagesPerSession);
        output.WriteLine($"{replies.Count} messages, each flushed before its 250");
    }

    private static async Task<List<(string Id, string Reply)>> SendAsync(int port, int session, int messages)
    {
        var sent = new List<(string, string)>();
        await using var dialog = await RawSmtpDialog.GreetAsync(port);
        for (var number = 0; number < messages; number++)
        {
            var id = $"id-{session}-{number}-end";
            var message = Lines.Crlf($"From: alice@example.com\nX-Id: {id}\n\ntext\n");
            var reply = number % 2 == 0
                ? await dialog.SendAsync("alice@example.com", ["bob@example.net"], message)
                : await SendInChunksAsync(dialog, message);
            reply.Code.ShouldBe(250, reply.Text);
            sent.Add((id, reply.Text));
        }

        return sent;
    }

    private static async Task<RawReply> SendInChunksAsync(RawSmtpDialog dialog, byte[] message)
    {
        await dialog.CommandAsync("MAIL FROM:<alice@example.com>");
        await dialog.CommandAsync("RCPT TO:<bob@example.net>");
        await dialog.WriteAsync((byte[])[.. Encoding.ASCII.GetBytes("BDAT 10\r\n"), .. message.AsSpan(0, 10)]);
        (await dialog.ReadAsync()).Code.ShouldBe(250);
        await dialog.WriteAsync((byte[])[.. Encoding.ASCII.GetBytes($"BDAT {message.Length - 10} LAST\r\n"), .. message.AsSpan(10)]);
        return await dialog.ReadAsync();
    }
}
