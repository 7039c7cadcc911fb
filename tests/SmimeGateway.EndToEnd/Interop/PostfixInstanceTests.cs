using SmimeGateway.TestSupport;

namespace SmimeGateway.EndToEnd.Interop;

public sealed class PostfixInstanceTests
{
    [PostfixFact]
    public async Task A_private_postfix_relays_to_its_next_hop_and_leaves_nothing_running()
    {
        await using var sink = new CollectingNextHop();
        var postfix = await PostfixInstance.StartAsync(sink.Port);
        await using (postfix)
        {
            await using var dialog = await RawSmtpDialog.GreetAsync(postfix.Port);

            var reply = await dialog.SendAsync("alice@example.com", ["bob@example.net"], Lines.Message("alice@example.com", body: ".dot\n"));

            reply.Code.ShouldBe(250, reply.Text);
            var message = (await sink.ReceivesAsync(1))[0];
            message.From.ShouldBe("alice@example.com");
            message.Recipients.ShouldBe(["bob@example.net"]);
            message.Content.AsSpan().EndsWith("\r\n\r\n.dot\r\n"u8).ShouldBeTrue();
        }

        (await Loopback.GreetsAsync(postfix.Port)).ShouldBeFalse();
    }
}
