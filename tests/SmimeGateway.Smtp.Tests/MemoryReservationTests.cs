using System.Text;

namespace SmimeGateway.Smtp.Tests;

public sealed class MemoryReservationTests
{
    private const string Envelope = "MAIL FROM:<alice@example.com>{0}\r\nRCPT TO:<bob@example.net>\r\n";

    private readonly Budget _budget = new();

    [Fact]
    public async Task The_announced_size_is_granted_before_the_354_and_given_back_with_the_answer()
    {
        await using var dialog = await TalkAsync(" SIZE=90000");
        _budget.Used.ShouldBe(0);

        (await dialog.ExchangeAsync("DATA")).ShouldStartWith("354 ");
        _budget.Used.ShouldBe(90_000);
        (await dialog.ExchangeAsync("a\r\n.")).ShouldStartWith("250 ");

        _budget.Used.ShouldBe(0);
        _budget.Questions.ShouldBe(1);
    }

    [Fact]
    public async Task A_client_waits_for_memory_before_the_354()
    {
        var gate = _budget.Close();
        await using var dialog = await TalkAsync();

        await dialog.SendAsync("DATA\r\n");
        var reply = dialog.ReplyAsync();
        reply.IsCompleted.ShouldBeFalse();
        gate.SetResult();

        (await reply).ShouldStartWith("354 ");
    }

    [Fact]
    public async Task Without_memory_DATA_is_refused_and_may_be_tried_again()
    {
        _budget.Left = 0;
        await using var dialog = await TalkAsync();

        (await dialog.ExchangeAsync("DATA")).ShouldStartWith("452 4.3.1 ");
        _budget.Left = long.MaxValue;
        (await dialog.ExchangeAsync("DATA")).ShouldStartWith("354 ");
    }

    [Fact]
    public async Task A_message_that_outgrows_the_memory_is_swallowed_and_refused()
    {
        _budget.Left = 70_000;
        await using var dialog = await TalkAsync();
        (await dialog.ExchangeAsync("DATA")).ShouldStartWith("354 ");

        for (var i = 0; i < 900; i++)
        {
            await dialog.SendAsync(new string('x', 98) + "\r\n");
        }

        (await dialog.ExchangeAsync(".")).ShouldStartWith("452 4.3.1 ");
        _budget.Used.ShouldBe(0);
        dialog.Messages.ShouldBeEmpty();
        (await dialog.ExchangeAsync("NOOP")).ShouldStartWith("250 ");
    }

    [Fact]
    public async Task A_chunk_without_memory_is_swallowed_and_refused_up_to_the_last()
    {
        _budget.Left = 70_000;
        await using var dialog = await TalkAsync();

        await dialog.SendAsync($"BDAT 1\r\naBDAT 80000\r\n{new string('x', 80_000)}BDAT 6 LAST\r\nNOOP\r\nNOOP\r\n");

        (await dialog.ReplyAsync()).ShouldStartWith("250 ");
        (await dialog.ReplyAsync()).ShouldStartWith("452 4.3.1 ");
        (await dialog.ReplyAsync()).ShouldStartWith("452 4.3.1 ");
        (await dialog.ReplyAsync()).ShouldStartWith("250 ");
        _budget.Used.ShouldBe(0);
    }

    [Theory]
    [InlineData("RSET\r\n")]
    [InlineData("EHLO c\r\n")]
    [InlineData("QUIT\r\n")]
    [InlineData("BDAT 0 LAST\r\n")]
    [InlineData("BDAT 1\r\n\n")]
    [InlineData("BDAT x\r\n")]
    [InlineData("")]
    public async Task Memory_is_given_back_however_the_message_ends(string ending)
    {
        await using var dialog = await TalkAsync();
        await dialog.SendAsync("BDAT 1\r\na");
        await dialog.ReplyAsync();
        _budget.Used.ShouldBeGreaterThan(0);

        await dialog.SendAsync(ending);
        if (ending.Length == 0)
        {
            await dialog.HangUpAsync();
            await dialog.Ended;
        }

        _budget.Used.ShouldBe(0);
    }

    [Fact]
    public async Task Many_small_chunks_are_a_handful_of_questions()
    {
        await using var dialog = await TalkAsync();

        await dialog.SendAsync(string.Concat(Enumerable.Repeat("BDAT 1\r\nx", 99_000)) + "BDAT 0 LAST\r\nQUIT\r\n");

        await dialog.RestAsync();
        dialog.Messages.ShouldHaveSingleItem();
        _budget.Questions.ShouldBeLessThan(5);
    }

    [Fact]
    public async Task What_the_owner_throws_is_no_memory()
    {
        _budget.IsBroken = true;
        await using var dialog = await TalkAsync();

        (await dialog.ExchangeAsync("DATA")).ShouldStartWith("452 4.3.1 ");
    }

    private async Task<InMemoryDialog> TalkAsync(string parameters = "")
    {
        var dialog = await InMemoryDialog.GreetAsync(policyOf: collected => SomeServer.Collect(collected) with { ReserveMemory = _budget.ReserveAsync });
        await dialog.SendAsync(string.Format(null, CompositeFormat.Parse(Envelope), parameters));
        await dialog.ReplyAsync();
        await dialog.ReplyAsync();
        return dialog;
    }

    private sealed class Budget
    {
        private TaskCompletionSource? _gate;

        public long Left { get; set; } = long.MaxValue;

        public long Used { get; private set; }

        public int Questions { get; private set; }

        public bool IsBroken { get; set; }

        public TaskCompletionSource Close() => _gate = new TaskCompletionSource();

        public async ValueTask<IDisposable?> ReserveAsync(SmtpSessionIdentity session, long octets, CancellationToken cancellationToken)
        {
            Questions++;
            if (IsBroken)
            {
                throw new InvalidOperationException();
            }

            await (_gate?.Task ?? Task.CompletedTask);
            if (octets > Left)
            {
                return null;
            }

            Left -= octets;
            Used += octets;
            return new Grant(() =>
            {
                Left += octets;
                Used -= octets;
            });
        }
    }

    private sealed class Grant(Action giveBack) : IDisposable
    {
        private bool _isGivenBack;

        public void Dispose()
        {
            _isGivenBack.ShouldBeFalse();
            _isGivenBack = true;
            giveBack();
        }
    }
}
