using SmimeGateway.TestSupport;

namespace SmimeGateway.Smtp.Tests.Client;

/// <summary>A hundred recipients, each answered at random, then the content answered at random: every one ends as a model says.</summary>
public sealed class RecipientModelTests
{
    private const int Recipients = 100;
    private static readonly string[] ToRecipient = ["250 2.1.5 Ok", "450 4.2.0 Greylisted", "550 5.1.1 Unknown"];
    private static readonly string?[] ToContent = ["250 2.0.0 Ok: queued", "451 4.3.0 Later", "554 5.7.1 No", "552 5.3.4 Too big", null];

    [Theory]
    [InlineData("PIPELINING")]
    [InlineData("SIZE")]
    [InlineData("PIPELINING", "CHUNKING")]
    [InlineData("CHUNKING", "DSN")]
    [InlineData("PIPELINING", "CHUNKING", "DSN", "SIZE")]
    public async Task Every_recipient_ends_in_exactly_the_right_state(params string[] extensions)
    {
        var random = new Random(20260314);
        for (var round = 0; round < 20; round++)
        {
            // Some rounds refuse everybody; a few end without an answer.
            var acceptance = random.NextDouble() * 1.2;
            string[] replies = [.. Enumerable.Range(0, Recipients).Select(_ => random.NextDouble() < acceptance - 0.2 ? ToRecipient[0] : ToRecipient[random.Next(1, 3)])];
            var end = ToContent[random.Next(ToContent.Length)];
            await using var nextHop = ScriptedNextHop.Start();
            nextHop.Extensions = extensions;
            nextHop.Script = (verb, line) => verb switch
            {
                "RCPT" => ScriptedReply.Say(replies[Number(line)]),
                "DOT" => end is null ? ScriptedReply.Drop : ScriptedReply.Say(end),
                _ => null,
            };

            var outcome = await OpenSession.SendAsync(nextHop, SomeMail.To([.. Enumerable.Range(0, Recipients).Select(i => $"r{i}@example.net")]), SomeMail.Content);

            for (var i = 0; i < Recipients; i++)
            {
                var expected = replies[i].StartsWith('2') ? end : replies[i];
                var status = outcome.Recipients[i];
                status.Action.ShouldBe(ActionOf(expected), $"round {round}, recipient {i}");
                status.Diagnostic.ShouldBe(expected ?? "The server closed the connection. The content was sent completely, so it may have arrived.");
                status.IsReportedByNextHop.ShouldBe(status.Action == DeliveryAction.Delivered && extensions.Contains("DSN"));
            }

            var accepted = Enumerable.Range(0, Recipients).Where(i => replies[i].StartsWith('2')).ToList();
            nextHop.Messages.Count.ShouldBe(accepted.Count > 0 ? 1 : 0);
            nextHop.Messages.SelectMany(message => message.Recipients).Select(Number).ShouldBe(accepted);
        }
    }

    private static int Number(string line) =>
        int.Parse(line.Split('<', '@')[1][1..], System.Globalization.CultureInfo.InvariantCulture);

    private static DeliveryAction ActionOf(string? reply) => reply?[0] switch
    {
        '2' => DeliveryAction.Delivered,
        '5' => DeliveryAction.Failed,
        _ => DeliveryAction.Delayed,
    };
}
