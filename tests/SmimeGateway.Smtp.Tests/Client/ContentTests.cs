using System.Text;
using FsCheck.Fluent;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Smtp.Tests.Client;

public sealed class ContentTests
{
    [Theory]
    [InlineData("")]
    [InlineData(".\r\n")]
    [InlineData("..\r\n")]
    [InlineData(".leading\r\n")]
    [InlineData("a\r\n.\r\nb\r\n")]
    [InlineData("a\r\n.\r\n")]
    [InlineData("a\r\n..\r\n...b\r\n.\r\n")]
    [InlineData("\r\n.\r\n.\r\n")]
    [InlineData("a.b\r\n c.\r\n")]
    public async Task Dots_at_line_starts_arrive_as_they_were(string content)
    {
        await using var nextHop = ScriptedNextHop.Start();

        await OpenSession.SendAsync(nextHop, SomeMail.Envelope, Encoding.ASCII.GetBytes(content));

        Encoding.ASCII.GetString(nextHop.Messages.Single().Content).ShouldBe(content);
    }

    [Fact]
    public async Task Content_without_a_final_line_end_gets_one()
    {
        await using var nextHop = ScriptedNextHop.Start();

        await OpenSession.SendAsync(nextHop, SomeMail.Envelope, "Subject: x\r\n\r\nno end"u8.ToArray());

        Encoding.ASCII.GetString(nextHop.Messages.Single().Content).ShouldBe("Subject: x\r\n\r\nno end\r\n");
    }

    [Theory]
    [InlineData((64 * 1024) - 1)]
    [InlineData(64 * 1024)]
    [InlineData((64 * 1024) + 1)]
    [InlineData(68 * 1024)]
    [InlineData((128 * 1024) + 5)]
    [InlineData(3_000_000)]
    public async Task Content_of_any_size_arrives_byte_for_byte(int bytes)
    {
        await using var nextHop = ScriptedNextHop.Start();
        var content = SomeMail.ContentOf(bytes);

        var outcome = await OpenSession.SendAsync(nextHop, SomeMail.Envelope, content);

        outcome.Recipients.Single().Action.ShouldBe(DeliveryAction.Delivered);
        nextHop.Messages.Single().Content.AsSpan().SequenceEqual(content).ShouldBeTrue();
    }

    [Fact]
    public async Task A_megabyte_of_nothing_but_dots_arrives_byte_for_byte()
    {
        await using var nextHop = ScriptedNextHop.Start();
        var content = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(".\r\n", 350_000)));

        await OpenSession.SendAsync(nextHop, SomeMail.Envelope, content);

        nextHop.Messages.Single().Content.AsSpan().SequenceEqual(content).ShouldBeTrue();
    }

    [Fact]
    public async Task Whatever_lines_a_message_has_the_server_gets_them_back()
    {
        await using var nextHop = ScriptedNextHop.Start();
        await using var session = await OpenSession.WithAsync(nextHop);
        var lines = Gen.Elements(".", "..", ".\r\n.", "text", "", ". x", new string('.', 998), new string('x', 997)).ListOf();

        foreach (var sample in lines.Sample(60, 400))
        {
            var content = Encoding.ASCII.GetBytes(string.Concat(sample.Select(line => line + "\r\n")));
            await session.SendAsync(SomeMail.Envelope, content, default);
            nextHop.Messages.TryDequeue(out var received).ShouldBeTrue();
            received.Content.AsSpan().SequenceEqual(content).ShouldBeTrue();
            received.Wire.ShouldBe(SmimeGateway.TestSupport.DotStuffing.Stuff(content)[..^3]);
        }
    }
}
