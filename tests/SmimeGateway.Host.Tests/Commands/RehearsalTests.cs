using System.Net;
using SmimeGateway.Host.Commands.Rehearsing;
using SmimeGateway.Host.Tests.Configuration;
using SmimeGateway.Protecting;
using SmimeGateway.Smtp;

namespace SmimeGateway.Host.Tests.Commands;

public sealed class RehearsalTests
{
    [Fact]
    public async Task A_recipient_without_a_route_is_refused_and_the_others_get_theirs()
    {
        var result = await PerformAsync("bob@example.net", "eve@elsewhere.example");

        result.To.Select(recipient => recipient.NextHop is not null).ShouldBe([true, false]);
        result.Messages.ShouldHaveSingleItem().To.ShouldBe(["bob@example.net"]);
        result.IsGood.ShouldBeFalse("eve would be refused");
    }

    [Fact]
    public async Task With_nobody_left_there_is_no_message_and_a_reason()
    {
        var result = await PerformAsync("eve@elsewhere.example");

        result.Messages.ShouldBeEmpty();
        result.Verdict.ShouldNotBeNull().ShouldContain("550 5.1.2");
        result.IsGood.ShouldBeFalse();
    }

    [Fact]
    public async Task Each_message_is_read_back_from_its_final_bytes()
    {
        var result = await PerformAsync("bob@example.net");

        result.IsGood.ShouldBeTrue(result.Verdict);
        var message = result.Messages.ShouldHaveSingleItem();
        message.Protection.ShouldBe(Protection.ClearSigned);
        message.Verdict.ShouldStartWith("verified: ");
        message.Layers.ShouldHaveSingleItem().Signers.ShouldHaveSingleItem().IsAuthor.ShouldBeTrue();
        result.Story.ShouldContain(line => line.Contains("protects it", StringComparison.Ordinal));
    }

    private static async Task<RehearsalResult> PerformAsync(params string[] recipients)
    {
        var gateway = Sample.LoadValid(Sample.With("\"recipients\": \"*\"", "\"recipients\": \"*@example.net\""));
        MailPath[] to = [.. recipients.Select(Path)];
        var from = Path("alice@example.com");
        var message = TrialMessage.Create(gateway, from, to, "internal", IPAddress.Loopback, TrialMessage.Invent(from, to, subject: null))!;
        await using var rehearsal = new Rehearsal(gateway);
        return await rehearsal.PerformAsync(message, otherRules: null, CancellationToken.None);
    }

    private static MailPath Path(string address) => MailPath.TryParse(address, out var path) ? path : throw new ArgumentException(address);
}
