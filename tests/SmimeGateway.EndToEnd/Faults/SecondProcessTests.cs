using SmimeGateway.TestSupport;

namespace SmimeGateway.EndToEnd.Faults;

public sealed class SecondProcessTests
{
    [Fact]
    public async Task A_second_process_on_the_same_queue_refuses_to_start_and_the_first_goes_on()
    {
        await using var first = new FaultGateway();
        await first.StartAsync();
        using var home = new GatewayHome { DataFolder = first.Home.DataFolder };
        home.Configure(Members.Join(Members.Senders, "\"rules\": []", Members.Outbox, "\"admin\": { \"socket\": \"second.sock\" }"));

        await using var second = GatewayProcess.Launch(home);

        (await second.ExitAsync()).ShouldNotBe(0, second.Log);
        second.Log.ShouldContain("queue", Case.Insensitive);
        (await first.Process!.SendAsync("bert@example.com", "bob@example.net", Lines.Message("bert@example.com"))).Code.ShouldBe(250);
        await first.NextHop.ReceivesAsync(1);
    }
}
