using SmimeGateway.TestSupport;

namespace SmimeGateway.EndToEnd.Faults;

public sealed class TerminationTests
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

        (await gateway.Process!.TerminateAsync()).ShouldBe(0, gateway.Process.Log);
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
}
