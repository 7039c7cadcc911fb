using System.Net;
using System.Text;
using SmimeGateway.Deciding;
using SmimeGateway.Deciding.Options;
using SmimeGateway.Mime;
using SmimeGateway.Smtp;

namespace SmimeGateway.Tests.Deciding;

public sealed class DecisionTests
{
    [Theory]
    [InlineData("Content-Type: application/pkcs7-mime; smime-type=enveloped-data\r\nContent-Transfer-Encoding: base64\r\n\r\nR2VoZWlt\r\n")]
    [InlineData("Content-Type: application/pkcs7-mime; smime-type=authEnveloped-data\r\n\r\nplain words\r\n")]
    [InlineData("Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\r\n\r\n")]
    [InlineData("Content-Type: application/octet-stream; name=smime.p7m\r\n\r\nplain words\r\n")]
    [InlineData("Content-Type: multipart/encrypted; protocol=\"application/pgp-encrypted\"; boundary=b\r\n\r\n--b\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n--b\r\nContent-Type: application/octet-stream\r\n\r\nplain words\r\n--b--\r\n")]
    [InlineData("Content-Type: multipart/encrypted; protocol=\"application/pgp-encrypted\"; boundary=b\r\n\r\nplain words\r\n")]
    [InlineData("Content-Type: text/plain\r\n\r\n-----BEGIN PGP MESSAGE-----\r\nplain words\r\n-----END PGP MESSAGE-----\r\n")]
    public void Mail_that_only_claims_to_be_encrypted_is_encrypted(string claim)
    {
        var decision = Decide(claim, AlreadyProtected.Keep);

        decision.Action.ShouldBe(DecisionAction.Protect);
        decision.Encrypt.ShouldNotBeNull();
    }

    [Fact]
    public void Mail_that_is_encrypted_passes_unless_the_rule_wants_another_layer()
    {
        foreach (var encrypted in new[] { ArrivedMail.Enveloped, ArrivedMail.AuthEnveloped, ArrivedMail.PgpEncrypted })
        {
            var kept = Decide(encrypted, AlreadyProtected.Keep);

            kept.Action.ShouldBe(DecisionAction.Pass);
            kept.Kept.ShouldNotBeNull().ShouldContain("encrypted");
            Decide(encrypted, AlreadyProtected.SignAgain).Encrypt.ShouldNotBeNull();
        }
    }

    [Fact]
    public void Mail_that_is_signed_already_is_encrypted_with_the_signature_it_has()
    {
        var decision = Decide(ArrivedMail.Clear, AlreadyProtected.Keep, MessageWrap.Triple);

        decision.Encrypt.ShouldNotBeNull();
        decision.SignsInside.ShouldBeFalse();
        decision.SignsOutside.ShouldBeTrue();
        Decide(ArrivedMail.Clear, AlreadyProtected.SignAgain).SignsInside.ShouldBeTrue();
    }

    [Fact]
    public void A_mere_claim_of_a_signature_takes_nothing_from_a_rule()
    {
        foreach (var claim in new[]
        {
            ArrivedMail.Clear.Replace("The text.", "Another text.", StringComparison.Ordinal),
            "Content-Type: application/pkcs7-mime; smime-type=signed-data\r\n\r\nx\r\n",
            "Content-Type: application/pkcs7-mime; smime-type=certs-only\r\n\r\nx\r\n",
            "Content-Type: text/plain\r\n\r\nx\r\n-----BEGIN PGP MESSAGE-----\r\n-----END PGP MESSAGE-----\r\n",
        })
        {
            Decide(claim, AlreadyProtected.Keep).SignsInside.ShouldBeTrue(claim);
            Decide(claim, AlreadyProtected.Keep, encrypts: false).Action.ShouldBe(DecisionAction.Protect, claim);
        }

        Decide(ArrivedMail.Clear, AlreadyProtected.Keep, encrypts: false).Action.ShouldBe(DecisionAction.Pass);
        Decide(ArrivedMail.Opaque, AlreadyProtected.Keep, encrypts: false).Action.ShouldBe(DecisionAction.Pass);
    }

    private static Decision Decide(string message, AlreadyProtected alreadyProtected, MessageWrap wrap = MessageWrap.SignThenEncrypt, bool encrypts = true)
    {
        Entity.TryParse(Encoding.ASCII.GetBytes("From: a@example.com\r\n" + message), MimeLimits.Standard, out var entity, out _).ShouldBeTrue();
        var rule = new RuleOptions
        {
            Name = "r",
            Sign = new SignOptions { With = ["own"] },
            Encrypt = encrypts ? new EncryptOptions { To = ["folder"] } : null,
            AlreadyProtected = alreadyProtected,
            Wrap = wrap,
        };
        var rules = new RuleBook([rule], WhenNoRuleMatches.Pass, new EncryptionOptions());
        MailPath.TryParse("b@example.net", out var recipient).ShouldBeTrue();
        var facts = new MessageFacts(recipient, "internal", IPAddress.Loopback, User: null, entity.Header);
        return RecipientGroup.Form(rules, facts, [new EnvelopeRecipient(recipient)], ArrivedProtection.Of(entity))
            .ShouldHaveSingleItem().Decision;
    }
}
