using SmimeGateway.TestSupport;

namespace SmimeGateway.EndToEnd.Reports;

/// <summary>A message whose sender asks to hear of its success.</summary>
internal static class DsnRequest
{
    /// <summary>Sends it to a server on a port of 127.0.0.1, from alice@example.com to bob@example.net.</summary>
    public static async Task SendAsync(int port)
    {
        await using var dialog = await RawSmtpDialog.GreetAsync(port);
        await dialog.CommandAsync("MAIL FROM:<alice@example.com> ENVID=order+2042");
        await dialog.CommandAsync("RCPT TO:<bob@example.net> NOTIFY=SUCCESS ORCPT=rfc822;Bob+2BSales@Example.NET");
        await dialog.CommandAsync("DATA");
        await dialog.WriteAsync(DotStuffing.Stuff(Lines.Message("alice@example.com")));
        var reply = await dialog.ReadAsync();
        reply.Code.ShouldBe(250, reply.Text);
    }
}
