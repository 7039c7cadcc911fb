using SmimeGateway.TestSupport;

namespace SmimeGateway.EndToEnd.Faults;

/// <summary>Reads the system calls of the real process: every 250 after DATA comes after a flush that covers the message.</summary>
public sealed class FlushAuditTests
{
    private const int Sessions = 4;
    private const int MessagesPerSession = 25;

    [Fact]
    public async Task Every_250_follows_a_flush_of_the_file_that_holds_the_message_and_of_the_folder_that_names_it()
    {
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
            foreach (var (id, reply) in (await Task.WhenAll(Enumerable.Range(0, Sessions).Select(session => SendAsync(home.Port, session)))).SelectMany(all => all))
            {
                replies[id] = reply;
            }

            await nextHop.ReceivesAsync(replies.Count, TimeSpan.FromSeconds(60));
            await gateway.TerminateAsync();
        }

        var audit = new FlushAudit(SystemCallTrace.Read(trace), home.DataFolder + "/queue");
        replies.Select(pair => audit.FindFault(pair.Key, pair.Value)).Where(fault => fault is not null).ShouldBeEmpty();
        replies.Count.ShouldBe(Sessions * MessagesPerSession);
    }

    private static async Task<List<(string Id, string Reply)>> SendAsync(int port, int session)
    {
        var sent = new List<(string, string)>();
        await using var dialog = await RawSmtpDialog.GreetAsync(port);
        for (var number = 0; number < MessagesPerSession; number++)
        {
            var id = $"id-{session}-{number}-end";
            var reply = await dialog.SendAsync("alice@example.com", ["bob@example.net"], Lines.Crlf($"From: alice@example.com\nX-Id: {id}\n\ntext\n"));
            reply.Code.ShouldBe(250, reply.Text);
            sent.Add((id, reply.Text));
        }

        return sent;
    }
}
