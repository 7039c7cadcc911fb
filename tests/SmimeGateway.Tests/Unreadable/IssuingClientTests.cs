using SmimeGateway.Deciding.Options;
using SmimeGateway.Locating;
using SmimeGateway.TestSupport;

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

    [Fact]
    public async Task The_authors_that_mail_is_encrypted_to_count_for_the_client_that_names_them()
    {
        Directory.CreateDirectory(_bed["partners"]);
        File.WriteAllText(_bed["partners/bob.pem"], TestPki.MakeCertificatePem(TestPki.Issue("bob@example.net")));
        _bed.Start(new CertificateOptions
        {
            Own = [new OwnCertificateOptions { Name = "local", Authority = _bed["ca"], IssueFor = ["*@example.com"], IssuePerHour = 2 }],
            Partners = [new() { Name = "folder", Folder = _bed["partners"], Accept = PartnerAcceptance.All }],
        });
        var rule = new RuleOptions
        {
            Name = "both",
            Sign = new SignOptions { With = ["local"], Choose = new CertificateSelection { Address = "support@example.com" } },
            Encrypt = new EncryptOptions { To = ["folder"], WhenMissing = WhenRecipientMissing.Reject, IncludeSender = true },
        };

        // The first of a client's two is that of the signature.
        foreach (var (name, client, reply, issued) in new[]
        {
            ("a", "127.0.0.1", "250", 2), ("b", "127.0.0.1", "451 4.4.3", 2), ("a", "127.0.0.1", "250", 2), ("c", "127.0.0.2", "250", 3),
            ("d", "127.0.0.2", "250", 4), ("e", "127.0.0.2", "451 4.4.3", 4), ("e", "127.0.0.3", "250", 5),
        })
        {
            var outcome = await _bed.SendAsync($"{name}@example.com", "bob@example.net", rule, client);

            outcome.Reply.ToString().ShouldStartWith(reply, Case.Sensitive, $"{name} of {client}");
            Directory.GetFiles(_bed["ca/issued"]).Length.ShouldBe(issued, $"{name} of {client}");
        }
    }
}
