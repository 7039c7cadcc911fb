using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using SmimeGateway.Host.Admin;
using SmimeGateway.Protecting;
using SmimeGateway.Queueing;
using SmimeGateway.Relaying;
using SmimeGateway.Smtp;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Host.Tests.Admin;

public sealed class QueueEndpointsTests : IAsyncLifetime, IAsyncDisposable
{
    private readonly ManualTimeProvider _time = new(TestPki.Now);
    private readonly ListedQueue _queue = new();
    private readonly RouteTable _routes;
    private readonly QueueEndpoints _endpoints;

    public QueueEndpointsTests()
    {
        RouteOptions[] routes =
        [
            new() { Recipients = ["*@partner.example"], Hosts = [new("mx.partner.example", 25)] },
            new() { Recipients = ["*@example.net"], Folder = "/var/outbox" },
        ];
        _routes = RouteTable.Create(routes, "gateway.example.com", _time, NullLoggerFactory.Instance);
        _endpoints = new QueueEndpoints(_queue, () => _routes, _time, NullLogger<QueueEndpoints>.Instance);
        _queue.Add("AAA", "alice@example.com", "bob@example.net", accepted: TestPki.Now.AddHours(-2));
        _queue.Add("BBB", "bert@example.com", "carol@partner.example", QueueState.Held, TestPki.Now.AddMinutes(-1));
        _queue.Add("CCC", string.Empty, "alice@example.org", QueueState.Fresh, TestPki.Now);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    public async ValueTask DisposeAsync()
    {
        await _routes.DisposeAsync();
        await _queue.DisposeAsync();
    }

    [Theory]
    [InlineData("", "AAA BBB CCC")]
    [InlineData("?sender=*@EXAMPLE.com", "AAA BBB")]
    [InlineData("?sender=<>", "CCC")]
    [InlineData("?sender=*", "AAA BBB")]
    [InlineData("?recipient=*@example.*", "AAA CCC")]
    [InlineData("?nextHop=mx.*:25", "BBB")]
    [InlineData("?nextHop=/var/outbox", "AAA")]
    [InlineData("?nextHop=(no route)", "CCC")]
    [InlineData("?olderThan=1h", "AAA")]
    [InlineData("?state=held", "BBB")]
    [InlineData("?sender=*@example.com&state=deferred&olderThan=30m", "AAA")]
    [InlineData("?limit=2", "AAA BBB")]
    public async Task All_filters_that_are_given_must_fit(string query, string expected)
    {
        var (status, body) = await AskAsync(_endpoints.ListAsync, query);

        status.ShouldBe(200, body);
        string.Join(' ', Read<QueueList>(body).Messages.Select(message => message.Id)).ShouldBe(expected);
    }

    [Theory]
    [InlineData("?sendr=x")]
    [InlineData("?state=lost")]
    [InlineData("?state=1")]
    [InlineData("?olderThan=soon")]
    [InlineData("?olderThan=")]
    [InlineData("?sender=")]
    [InlineData("?limit=0")]
    [InlineData("?limit=1000000")]
    public async Task A_filter_that_makes_no_sense_is_refused_with_a_sentence(string query)
    {
        var (status, body) = await AskAsync(_endpoints.ListAsync, query);

        status.ShouldBe(400);
        Read<AdminRefusal>(body).Error.ShouldEndWith(".");
    }

    [Fact]
    public async Task The_list_says_when_there_are_more()
    {
        Read<QueueList>((await AskAsync(_endpoints.ListAsync, "?limit=2")).Body).IsComplete.ShouldBeFalse();
        Read<QueueList>((await AskAsync(_endpoints.ListAsync, "?limit=3")).Body).IsComplete.ShouldBeTrue();
    }

    [Fact]
    public async Task A_message_shows_what_its_recipients_heard_and_its_header_made_harmless()
    {
        var status = new DeliveryStatus(DeliveryAction.Delayed, new EnhancedStatus(4, 2, 1), "450 4.2.1 not now", "mx.partner.example");
        _queue.Add("DDD", "alice@example.com", "dora@partner.example", status: status);

        var shown = Read<ShownMessage>((await AskAsync(_endpoints.ShowAsync, id: "ddd")).Body);

        shown.Message.Recipients.ShouldBe([new ListedRecipient("dora@partner.example", "mx.partner.example:25", "4.2.1", "450 4.2.1 not now")]);
        shown.Header.ShouldBe(["Subject: hello", "X-Evil: \\u001B[2J"]);
        (await AskAsync(_endpoints.ShowAsync, id: "EEE")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task Only_a_message_that_waits_for_a_certificate_is_given_away_and_only_sealed()
    {
        _queue.Add("DDD", "alice@example.com", "dora@partner.example");
        _queue.Add("EEE", "alice@example.com", "emil@partner.example", QueueState.Waiting);
        _queue.Listings[^1] = _queue.Listings[^1] with { Protection = Protection.Held };

        (await AskAsync(_endpoints.ExportAsync, id: "eee")).ShouldBe((200, "Subject: hello\r\n\r\nsealed"));
        var (status, body) = await AskAsync(_endpoints.ExportAsync, id: "DDD");
        status.ShouldBe(400);
        body.ShouldContain("DDD is not sealed");
        (await AskAsync(_endpoints.ExportAsync, id: "ZZZ")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task A_message_that_waits_for_a_certificate_is_not_released_without_one()
    {
        _queue.Add("EEE", "alice@example.com", "emil@partner.example", QueueState.Waiting);

        var result = Read<QueueActionResult>((await AskAsync(_endpoints.ReleaseAsync, content: """{ "ids": ["EEE"] }""")).Body);

        result.Untouched.ShouldBe([new UntouchedMessage("EEE", "waits for a certificate of its recipients, and leaves once there is one")]);
        Read<QueueList>((await AskAsync(_endpoints.ListAsync, "?state=waiting")).Body).Messages.ShouldHaveSingleItem().State.ShouldBe(QueueState.Waiting);
    }

    [Fact]
    public async Task Everything_is_held_released_or_removed_only_on_purpose()
    {
        foreach (var act in new RequestDelegate[] { _endpoints.HoldAsync, _endpoints.ReleaseAsync, _endpoints.RemoveAsync })
        {
            (await AskAsync(act, content: "{}")).Status.ShouldBe(400);
            (await AskAsync(act, content: """{ "sendr": "*" }""")).Status.ShouldBe(400);
            (await AskAsync(act, content: """{ "all": true, "sender": "*" }""")).Status.ShouldBe(400);
        }

        _queue.Listings.Select(message => message.State).ShouldBe([QueueState.Deferred, QueueState.Held, QueueState.Fresh]);
        Read<QueueActionResult>((await AskAsync(_endpoints.RemoveAsync, content: """{ "all": true }""")).Body).Ids.Count.ShouldBe(3);
        _queue.Listings.ShouldBeEmpty();
    }

    [Fact]
    public async Task Retry_without_a_choice_means_all_that_are_deferred()
    {
        var result = Read<QueueActionResult>((await AskAsync(_endpoints.RetryAsync, content: "{}")).Body);

        result.Ids.ShouldBe(["AAA"]);
        result.Untouched.ShouldBeEmpty();
    }

    [Fact]
    public async Task Who_hurries_mail_for_a_host_that_takes_none_now_is_told_when_it_is_asked_again()
    {
        await using var table = RouteTable.Create(
            [
                new() { Recipients = ["*@down.example"], Hosts = [new("127.0.0.1", Loopback.FreePort())] },
                new() { Recipients = ["*@slow.example"], Hosts = [new("mx.slow.example", 25)], MessagesPerMinute = 6 },
            ],
            "gateway.example.com",
            _time,
            NullLoggerFactory.Instance);
        var endpoints = new QueueEndpoints(_queue, () => table, _time, NullLogger<QueueEndpoints>.Instance);
        _queue.Add("DDD", "alice@example.com", "dora@down.example", QueueState.Fresh);
        _queue.Add("EEE", "alice@example.com", "emil@slow.example", QueueState.Fresh);
        table.Deliveries[0].Serve(new RestingRouteQueue());
        var message = new QueuedMessage(new QueueId("DDD"), _queue.Listings[^2].Envelope, "Subject: a\r\n\r\nb\r\n"u8.ToArray(), TestPki.Now, 0);
        await Eventually.EndsAsync(table.Deliveries[0].DeliverAsync(message, default).AsTask());

        var all = Read<QueueActionResult>((await AskAsync(endpoints.RetryAsync, content: "{}")).Body);
        var others = Read<QueueActionResult>((await AskAsync(endpoints.RetryAsync, content: """{ "ids": ["EEE"] }""")).Body);
        var listed = Read<QueueList>((await AskAsync(endpoints.ListAsync, "?recipient=*@*.example")).Body).Messages;

        var sentence = all.Resting.ShouldHaveSingleItem();
        sentence.ShouldStartWith(table.Deliveries[0].Name + " takes no mail now: what waits for it goes out once it answers, due or not. It is asked again at ");
        others.Resting.ShouldBeEmpty();
        listed.Single(message => message.Id == "DDD").Recipients[0].Reason.ShouldNotBeNull().ShouldStartWith("waits, as the next hop takes no mail now: ");
        listed.Single(message => message.Id == "EEE").Recipients[0].Reason.ShouldBe("waits for its turn: its route sends 6 message(s) a minute at most");
    }

    [Fact]
    public async Task Messages_that_were_named_and_left_alone_are_explained()
    {
        var result = Read<QueueActionResult>((await AskAsync(_endpoints.RetryAsync, content: """{ "ids": ["aaa", "BBB", "CCC", "ZZZ"] }""")).Body);

        result.Ids.ShouldBe(["AAA"]);
        result.Untouched.ShouldBe(
        [
            new UntouchedMessage("BBB", "is held: release it first"),
            new UntouchedMessage("CCC", "is due anyway"),
            new UntouchedMessage("ZZZ", "is not in the queue"),
        ]);
    }

    [Fact]
    public async Task More_ids_than_anybody_types_are_refused()
    {
        var ids = string.Join(',', Enumerable.Repeat("\"AAA\"", 1001));

        (await AskAsync(_endpoints.HoldAsync, content: $$"""{ "ids": [{{ids}}] }""")).Status.ShouldBe(400);
    }

    private static T Read<T>(string body) => JsonSerializer.Deserialize<T>(body, AdminJson.Options)!;

    private static async Task<(int Status, string Body)> AskAsync(RequestDelegate endpoint, string query = "", string? id = null, string content = "")
    {
        var context = new DefaultHttpContext();
        context.Request.QueryString = new QueryString(query);
        context.Request.RouteValues["id"] = id;
        context.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes(content));
        using var body = new MemoryStream();
        context.Response.Body = body;
        await endpoint(context);
        return (context.Response.StatusCode, Encoding.UTF8.GetString(body.ToArray()));
    }
}
