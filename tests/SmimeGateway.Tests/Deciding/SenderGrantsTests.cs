using System.Net;
using System.Text;
using SmimeGateway.Deciding;
using SmimeGateway.Deciding.Options;
using SmimeGateway.Mime;
using SmimeGateway.Smtp;

namespace SmimeGateway.Tests.Deciding;

public sealed class SenderGrantsTests
{
    private static readonly IPAddress Office = IPAddress.Parse("10.0.0.7");
    private static readonly IPAddress Elsewhere = IPAddress.Parse("192.0.2.1");

    private static readonly SenderGrants Grants = new(
    [
        new SenderOptions { Address = ["*@example.com"], Clients = [IPNetwork.Parse("10.0.0.0/8")] },
        new SenderOptions { Address = ["boss@example.com"], Users = ["boss"] },
        new SenderOptions { Address = ["*"], Clients = [IPNetwork.Parse("10.9.9.9/32")] },
    ]);

    [Fact]
    public void A_client_may_use_what_is_granted_to_its_network()
    {
        Ungranted("alice@example.com", "From: Alice <alice@example.com>", Office).ShouldBeNull();
        Ungranted("alice@example.com", "From: Alice <alice@example.com>", Elsewhere).ShouldBe("alice@example.com");
    }

    [Fact]
    public void The_header_counts_not_only_the_envelope() =>
        Ungranted("alice@example.com", "From: ceo@other.example", Office).ShouldBe("ceo@other.example");

    [Fact]
    public void The_envelope_counts_too() =>
        Ungranted("alice@other.example", "From: alice@example.com", Office).ShouldBe("alice@other.example");

    [Fact]
    public void Every_mailbox_of_every_From_counts()
    {
        Ungranted("alice@example.com", "From: alice@example.com, eve@other.example", Office).ShouldBe("eve@other.example");
        Ungranted("alice@example.com", "From: alice@example.com\r\nFrom: eve@other.example", Office).ShouldBe("eve@other.example");
    }

    [Fact]
    public void Only_who_may_use_every_address_covers_everything()
    {
        Grants.CoverEverything(Office, user: null).ShouldBeFalse();
        Grants.CoverEverything(IPAddress.Parse("10.9.9.9"), user: null).ShouldBeTrue();
    }

    // What such an entry lets in may have been written by anybody.
    [Theory]
    [InlineData("*", false)]
    [InlineData("**", false)]
    [InlineData("*@*", false)]
    [InlineData("*@*.*", false)]
    [InlineData("*@?*", false)]
    [InlineData("alice@*", false)]
    [InlineData("*@example.com", true)]
    [InlineData("*@*.com", true)]
    [InlineData("alice@example.com", true)]
    [InlineData("*example.com", true)]
    [InlineData("alice*", false)]
    [InlineData("*a*", false)]
    [InlineData("*.com", false)]
    public void An_entry_for_all_domains_names_none(string pattern, bool isNamed)
    {
        var grants = new SenderGrants([new SenderOptions { Address = [pattern] }]);
        MailPath.TryParse("alice@example.com", out var path).ShouldBeTrue();

        grants.Covers(path, Office, user: null).ShouldBeTrue();
        grants.CoversByName(path, Office, user: null).ShouldBe(isNamed);
        var both = new SenderGrants([new SenderOptions { Address = [pattern, "*@example.com"] }]);
        both.CoversByName(path, Office, user: null).ShouldBeTrue();
    }

    [Theory]
    [InlineData("alice@example.com", "192.0.2.1", true)]
    [InlineData("eve@other.example", "192.0.2.1", false)]
    [InlineData("eve@other.example", "10.9.9.9", true)]
    public void Ours_is_what_the_client_may_use_or_what_is_granted_to_somebody_in_particular(string address, string client, bool isOurs)
    {
        MailPath.TryParse(address, out var path).ShouldBeTrue();

        Grants.IsOurs(path, IPAddress.Parse(client), user: null).ShouldBe(isOurs);
    }

    [Fact]
    public void A_user_may_use_what_is_granted_to_the_user_from_anywhere()
    {
        Ungranted("boss@example.com", "From: boss@example.com", Elsewhere, "boss").ShouldBeNull();
        Ungranted("boss@example.com", "From: boss@example.com", Elsewhere, "clerk").ShouldBe("boss@example.com");
    }

    [Fact]
    public void A_display_name_that_looks_like_an_address_grants_nothing() =>
        Ungranted("alice@example.com", "From: \"alice@example.com\" <eve@other.example>", Office).ShouldBe("eve@other.example");

    [Theory]
    [InlineData("From: alice@example.com", "alice@example.com")]
    [InlineData("From: Alice <alice@example.com>", "alice@example.com")]
    [InlineData("From: a@example.com, b@example.com", null)]
    [InlineData("From: a@example.com\r\nFrom: b@example.com", null)]
    [InlineData("Subject: no From", null)]
    public void A_signature_needs_exactly_one_author(string header, string? signatory) =>
        Read("bounce@example.com", header).Signatory.ShouldBe(signatory);

    private static string? Ungranted(string reversePath, string header, IPAddress client, string? user = null) =>
        Grants.FindUngranted(Read(reversePath, header), client, user);

    private static Authorship Read(string reversePath, string header)
    {
        var path = MailPath.Null;
        if (reversePath.Length > 0)
        {
            MailPath.TryParse(reversePath, out path!).ShouldBeTrue();
        }

        Entity.TryParse(Encoding.ASCII.GetBytes(header + "\r\n\r\n"), MimeLimits.Standard, out var entity, out _).ShouldBeTrue();
        return Authorship.Read(path, entity!);
    }
}
