using SmimeGateway.Deciding;
using SmimeGateway.Locating;

namespace SmimeGateway.Tests.Unreadable;

public sealed class IssuingClientTests : IAsyncDisposable
{
    private readonly UnreadableBed _bed = new();

    public ValueTask DisposeAsync() => _bed.DisposeAsync();

    [Fact]
    public async Task Addresses_that_a_client_invents_wait_beyond_the_bound_and_other_clients_do_not()
    {
        _bed.Start(new CertificateOptions
        {
            Own = [new OwnCertificateOptions { Name = "local", Authority = _bed["ca"], IssueFor = ["*@example.com"], IssuePerHour = 2 }],
        });
        var rule = new RuleOptions { Name = "sign", Sign = new SignOptions { With = ["local"] } };

        foreach (var (name, client, reply) in new[]
        {
            ("a", "127.0.0.1", "250"), ("b", "127.0.0.1", "250"), ("c", "127.0.0.1", "451 4.4.3"), ("a", "127.0.0.1", "250"),
            ("c", "127.0.0.2", "250"), ("d", "2001:db8::1", "250"), ("e", "2001:db8::2", "250"), ("f", "2001:db8::3", "451 4.4.3"), ("f", "2001:db8:0:1::1", "250"),
        })
        {
            var outcome = await _bed.SendAsync($"{name}@example.com", "bob@example.net", rule, client);

            outcome.Reply.ToString().ShouldStartWith(reply);
            if (outcome is Deferred)
            {
                outcome.Detail.ShouldContain("may have no more");
            }
        }

        Directory.GetFiles(_bed["ca/issued"]).Length.ShouldBe(6);
    }
}
