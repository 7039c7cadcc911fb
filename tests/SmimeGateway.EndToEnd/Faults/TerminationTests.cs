using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using SmimeGateway.TestSupport;
using Xunit.Abstractions;

namespace SmimeGateway.EndToEnd.Faults;

public sealed class TerminationTests(ITestOutputHelper output)
{
    [Fact]
    public async Task SIGTERM_under_load_finishes_what_was_begun_loses_nothing_and_sends_nothing_twice()
    {
        await using var gateway = new FaultGateway();
        await gateway.StartAsync();
        var client = gateway.MakeClient(connections: 10);
        using var stop = new CancellationTokenSource();
        var sending = client.RunAsync(stop.Token);
        await Eventually.TrueAsync(() => client.AcceptedCount >= 200);

        var signal = Stopwatch.GetTimestamp();
        (await gateway.Process!.TerminateAsync()).ShouldBe(0, gateway.Process.Log);
        output.WriteLine($"ended {Stopwatch.GetElapsedTime(signal).TotalSeconds:0.00} s after SIGTERM");
        await gateway.Process.DisposeAsync();
        await gateway.StartAsync();
        var target = client.AcceptedCount + 100;
        await Eventually.TrueAsync(() => client.AcceptedCount >= target);
        await stop.CancelAsync();
        await sending;

        var ledger = await gateway.SettleAsync(client);
        ledger.Lost.ShouldBe(0, ledger.ToString());
        ledger.Duplicates.ShouldBe(0, ledger.ToString());
        ledger.Torn.ShouldBe(0, ledger.ToString());
        ledger.UnansweredButDelivered.ShouldBe(0, ledger.ToString());
        client.Refusals.ShouldAllBe(refusal => refusal.StartsWith("421 ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_idle_client_is_told_and_does_not_keep_the_process_alive()
    {
        await using var gateway = new FaultGateway();
        await gateway.StartAsync();
        await using var idle = await RawSmtpDialog.GreetAsync(gateway.Home.Port);

        (await gateway.Process!.TerminateAsync()).ShouldBe(0, gateway.Process.Log);

        (await idle.ReadAsync()).Code.ShouldBe(421);
    }

    [Fact]
    public async Task A_slow_client_and_a_slow_next_hop_are_waited_for()
    {
        using var answer = new ManualResetEventSlim();
        await using var gateway = new FaultGateway();
        gateway.NextHop!.ReplyToDot = _ =>
        {
            answer.Wait(TimeSpan.FromSeconds(20));
            return "250 2.0.0 taken at last";
        };
        await gateway.StartAsync();
        (await gateway.Process!.SendAsync("bert@example.com", "bob@example.net", Lines.Message("bert@example.com"))).Code.ShouldBe(250);
        await using var client = await gateway.Process.DialogAsync();
        await client.CommandAsync("MAIL FROM:<bert@example.com>");
        await client.CommandAsync("RCPT TO:<bob@example.net>");
        (await client.CommandAsync("DATA")).Code.ShouldBe(354);

        // When the idle one has been sent away and nobody new is greeted, the process would end if it waited for nobody.
        await using var idle = await gateway.Process.DialogAsync();
        var exit = gateway.Process.TerminateAsync();
        await HasBegunToEndAsync(gateway, idle);
        exit.IsCompleted.ShouldBeFalse(gateway.Process.Log);
        answer.Set();
        await client.WriteAsync(Encoding.ASCII.GetBytes("From: bert@example.com\r\n\r\nlate\r\n.\r\n"));

        (await client.ReadAsync()).Code.ShouldBe(250, gateway.Process.Log);
        (await exit).ShouldBe(0, gateway.Process.Log);
        gateway.NextHop.Messages.Count.ShouldBe(1, gateway.Process.Log);
        await gateway.Process.DisposeAsync();
        await gateway.StartAsync();
        await gateway.NextHop.ReceivesAsync(2);
    }

    [Fact]
    public async Task A_second_SIGTERM_ends_the_process_at_once_and_loses_nothing()
    {
        // A next hop that never says a word, and a client that never ends its message.
        var port = Loopback.FreePort();
        using var mute = new TcpListener(IPAddress.Loopback, port);
        mute.Start();
        await using var gateway = new FaultGateway(port);
        await gateway.StartAsync();
        var client = gateway.MakeClient(connections: 4);
        await client.RunAsync(CancellationToken.None, limit: 50);
        await using var slow = await gateway.Process!.DialogAsync();
        await slow.CommandAsync("MAIL FROM:<bert@example.com>");
        await slow.CommandAsync("RCPT TO:<bob@example.net>");
        (await slow.CommandAsync("DATA")).Code.ShouldBe(354);

        await using var idle = await gateway.Process.DialogAsync();
        await Signals.SendAsync(gateway.Process.Id, "TERM");
        await HasBegunToEndAsync(gateway, idle);
        gateway.Process.HasExited.ShouldBeFalse(gateway.Process.Log);
        var second = Stopwatch.GetTimestamp();
        (await gateway.Process.TerminateAsync()).ShouldBe(0, gateway.Process.Log);
        output.WriteLine($"ended {Stopwatch.GetElapsedTime(second).TotalSeconds:0.00} s after the second SIGTERM");

        // Either it was broken off in good order, or the process ended in the middle of it; the first signal alone ends neither way.
        var log = gateway.Process.Log;
        (log.Contains("A second signal", StringComparison.Ordinal) || !log.Contains("Stopped, with", StringComparison.Ordinal)).ShouldBeTrue(log);

        mute.Dispose();
        gateway.OpenNextHop(port);
        await gateway.Process.DisposeAsync();
        await gateway.StartAsync();
        var ledger = await gateway.SettleAsync(client);
        ledger.Lost.ShouldBe(0, ledger.ToString());
        ledger.Torn.ShouldBe(0, ledger.ToString());
        ledger.Duplicates.ShouldBe(0, ledger.ToString());
    }

    private static async Task HasBegunToEndAsync(FaultGateway gateway, RawSmtpDialog idle)
    {
        await gateway.Process!.LogsAsync("Stopping");
        (await idle.ReadAsync()).Code.ShouldBe(421);
        await Eventually.TrueAsync(async () => !await Loopback.GreetsAsync(gateway.Home.Port));
    }
}
