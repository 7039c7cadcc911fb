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
        var (calls, replies, queueFolder) = await TraceAsync(messagesPerSession);

        var audit = new FlushAudit(calls, queueFolder);
        replies.Select(pair => audit.FindFault(pair.Key, pair.Value)).Where(fault => fault is not null).ShouldBeEmpty();
        replies.Count.ShouldBe(Sessions * messagesPerSession);
        output.WriteLine($"{replies.Count} messages, each flushed before its 250");
    }

    [Fact]
    public async Task After_a_flush_that_failed_no_250_rests_on_it_and_its_file_is_left_alone()
    {
        const int messagesPerSession = 25;

        // Counted for each thread: the only one to flush so often is the writer of the queue.
        var (calls, replies, queueFolder) = await TraceAsync(messagesPerSession, "-e", "inject=fsync,fdatasync:error=EIO:when=12");

        var failed = calls.Where(call => call.Name is "fsync" or "fdatasync" && call.Result < 0).ShouldHaveSingleItem();
        failed.Path.ShouldStartWith(queueFolder);

        // A delivery may still be written beside the flush before its failure is known; it is written again in the next file.
        calls.Where(call => call.Path == failed.Path && call.Start > failed.End && (call.Name.Contains("sync", StringComparison.Ordinal)
            || call.Arguments.Contains("X-Id", StringComparison.Ordinal))).ShouldBeEmpty();
        var audit = new FlushAudit(calls, queueFolder);
        replies.Select(pair => audit.FindFault(pair.Key, pair.Value)).Where(fault => fault is not null).ShouldBeEmpty();

        // Every message was accepted in the end, those that heard 452 at a later try.
        replies.Count.ShouldBe(Sessions * messagesPerSession);
    }

    [Fact]
    public async Task A_file_that_a_command_replaces_is_flushed_before_it_has_its_name_and_its_folder_after()
    {
        using var home = new GatewayHome();
        home.Configure(Members.Join(Members.Senders, "\"rules\": []", Members.Outbox));
        var (trace, users) = (home.Folder + "/trace", home.Folder + "/users.json");

        var run = await Tool.RunAsync(
            "strace",
            ["-f", "-qq", "-y", "-o", trace, "-e", "trace=rename,renameat,renameat2,fsync,fdatasync", Repository.GatewayExecutable, "user", "add", "alice", "--users", users],
            Encoding.UTF8.GetBytes("a long password\n"),
            folder: home.Folder);

        run.ExitCode.ShouldBe(0, run.Text);
        var calls = SystemCallTrace.Read(trace);
        var renamed = calls.Last(call => call.Name.StartsWith("rename", StringComparison.Ordinal) && call.Arguments.Contains(users, StringComparison.Ordinal));
        calls.ShouldContain(call => call.End < renamed.Start && call.Name == "fdatasync" && call.Arguments.Contains(".users.json.", StringComparison.Ordinal));
        calls.ShouldContain(call => call.Start > renamed.End && call.Name == "fsync" && call.Arguments.Contains($"<{home.Folder}>", StringComparison.Ordinal));
    }

    /// <summary>Sends mail through a gateway whose system calls are written down, until all of it was accepted and delivered.</summary>
    private static async Task<(IReadOnlyList<SystemCall> Calls, Dictionary<string, string> Replies, string QueueFolder)> TraceAsync(
        int messagesPerSession, params string[] furtherOptions)
    {
        using var home = new GatewayHome();
        await using var nextHop = new CollectingNextHop();
        home.Configure(Members.Join(Members.Senders, "\"rules\": []", Members.Relay(nextHop.Port)));
        var trace = home.Folder + "/trace";
        string[] strace =
        [
            "strace", "-D", "-f", "-qq", "-y", "-s", "65536", "-o", trace,
            "-e", "trace=openat,rename,renameat,renameat2,write,pwrite64,writev,pwritev,pwritev2,fsync,fdatasync,sendto,sendmsg",
            .. furtherOptions,
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

        return (SystemCallTrace.Read(trace), replies, home.DataFolder + "/queue");
    }

    private static async Task<List<(string Id, string Reply)>> SendAsync(int port, int session, int messages)
    {
        var sent = new List<(string, string)>();
        await using var dialog = await RawSmtpDialog.GreetAsync(port);
        for (var number = 0; sent.Count < messages;)
        {
            // Another number for every try: a message that was refused is another one to the audit.
            string id;
            RawReply reply;
            do
            {
                id = $"id-{session}-{number++}-end";
                var message = Lines.Crlf($"From: alice@example.com\nX-Id: {id}\n\ntext\n");
                reply = number % 2 == 0
                    ? await dialog.SendAsync("alice@example.com", ["bob@example.net"], message)
                    : await SendInChunksAsync(dialog, message);
            }
            while (reply.Code == 452);

            reply.Code.ShouldBe(250, reply.Text);
            sent.Add((id, reply.Text));
        }

        return sent;
    }

    private static async Task<RawReply> SendInChunksAsync(RawSmtpDialog dialog, byte[] message)
    {
        var mail = await dialog.CommandAsync("MAIL FROM:<alice@example.com>");
        if (mail.Code != 250)
        {
            return mail;
        }

        await dialog.CommandAsync("RCPT TO:<bob@example.net>");
        await dialog.WriteAsync((byte[])[.. Encoding.ASCII.GetBytes("BDAT 10\r\n"), .. message.AsSpan(0, 10)]);
        (await dialog.ReadAsync()).Code.ShouldBe(250);
        await dialog.WriteAsync((byte[])[.. Encoding.ASCII.GetBytes($"BDAT {message.Length - 10} LAST\r\n"), .. message.AsSpan(10)]);
        return await dialog.ReadAsync();
    }
}
