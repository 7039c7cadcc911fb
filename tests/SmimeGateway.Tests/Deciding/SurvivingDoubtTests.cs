using System.Net;
using System.Security.Cryptography.Pkcs;
using System.Text;
using SmimeGateway.Deciding;
using SmimeGateway.Deciding.Options;
using SmimeGateway.Mime;
using SmimeGateway.Smtp;
using SmimeGateway.Tests.Opening;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests.Deciding;

public sealed class SurvivingDoubtTests
{
    [Theory]
    [InlineData(false, false, true)]
    [InlineData(true, false, true)]
    [InlineData(false, true, true)]
    [InlineData(true, true, false)]
    public void A_message_is_signed_where_any_of_its_signers_has_signed_what_is_there(bool breaksFirst, bool breaksSecond, bool isSigned)
    {
        var cms = new SignedCms(new ContentInfo(Letters.Bytes(Letters.Plain)));
        foreach (var signer in new[] { "alice@example.com", "carol@example.com" })
        {
            cms.ComputeSignature(new CmsSigner(TestPki.Issue(signer)));
        }

        var octets = cms.Encode();
        foreach (var place in Enumerable.Range(0, 2).Where(place => place == 0 ? breaksFirst : breaksSecond))
        {
            octets[octets.AsSpan().IndexOf(cms.SignerInfos[place].GetSignature()) + 20] ^= 1;
        }

        ArrivedMail.Arrive(Letters.Body("signed-data", octets)).IsSigned.ShouldBe(isSigned);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(7, true)]
    [InlineData(8, false)]
    [InlineData(20, false)]
    public void What_lies_below_more_layers_than_are_looked_through_is_not_taken_for_the_content(int layers, bool isFound)
    {
        var message = "Content-Type: text/plain\r\n\r\nx\r\n";
        for (var layer = 0; layer < layers; layer++)
        {
            message = $"Content-Type: multipart/signed; boundary=b{layer}\r\n\r\n--b{layer}\r\n{message}\r\n--b{layer}\r\n\r\ny\r\n--b{layer}--\r\n";
        }

        Entity.TryParse(Encoding.ASCII.GetBytes(message), MimeLimits.Standard, out var entity, out _).ShouldBeTrue();

        var inside = InnerLayers.Of(entity);

        (inside.Found.Count == 0 ? entity : inside.Found[^1]).ContentType.MediaType.ShouldBe(isFound ? "text/plain" : "multipart/signed");
        (!inside.IsSealed && !inside.IsUncertain).ShouldBe(isFound);
    }

    [Theory]
    [InlineData("Subject")]
    [InlineData("X-Class")]
    public void Of_several_fields_of_a_name_any_counts_for_a_rule_that_encrypts_and_all_for_others(string name)
    {
        var header = new Dictionary<string, IReadOnlyList<string>> { [name] = ["open*"] };
        var pass = new RuleOptions { Name = "r", Pass = true, When = new RuleConditions { Header = header } };
        var encrypt = pass with { Pass = false, Encrypt = new EncryptOptions { To = ["folder"] } };

        Applies(pass, $"{name}: open\r\n{name}: secret\r\n").ShouldBeFalse();
        Applies(pass, $"{name}: open\r\n{name}: open too\r\n").ShouldBeTrue();
        Applies(pass, "X: y\r\n").ShouldBeFalse();
        Applies(encrypt, $"{name}: secret\r\n{name}: open\r\n").ShouldBeTrue();
        Applies(encrypt, $"{name}: secret\r\n").ShouldBeFalse();
        Applies(encrypt, "X: y\r\n").ShouldBeFalse();
    }

    [Fact]
    public void Of_fields_that_stand_several_times_in_good_mail_one_is_enough()
    {
        var header = new Dictionary<string, IReadOnlyList<string>> { ["received"] = ["from erp*"] };

        Applies(
            new RuleOptions { Name = "r", Pass = true, When = new RuleConditions { Header = header } },
            "Received: from relay\r\nReceived: from erp.example.com\r\n").ShouldBeTrue();
    }

    [Theory]
    [InlineData("*", true)]
    [InlineData("**", true)]
    [InlineData("***", true)]
    [InlineData("*@*", false)]
    [InlineData("*.com", false)]
    public void Stars_alone_grant_everything_and_make_no_address_ours_however_many_they_are(string pattern, bool coversAll)
    {
        var grants = new SenderGrants([new SenderOptions { Address = [pattern], Clients = [IPNetwork.Parse("10.0.0.0/8")] }]);
        MailPath.TryParse("eve@example.com", out var eve).ShouldBeTrue();

        grants.CoverEverything(IPAddress.Parse("10.0.0.1"), user: null).ShouldBe(coversAll);
        grants.IsOurs(eve, IPAddress.Parse("192.0.2.1"), user: null).ShouldBe(!coversAll);
    }

    private static bool Applies(RuleOptions rule, string header)
    {
        Entity.TryParse(Encoding.ASCII.GetBytes(header + "\r\n"), MimeLimits.Standard, out var entity, out _).ShouldBeTrue();
        MailPath.TryParse("a@example.com", out var path).ShouldBeTrue();
        return new RuleBook([rule], WhenNoRuleMatches.Reject, new EncryptionOptions())
            .Decide(new MessageFacts(path, "internal", IPAddress.Loopback, User: null, entity.Header), path).RuleName == "r";
    }
}
