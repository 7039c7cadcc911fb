using System.Buffers;
using System.Net;
using System.Text;
using SmimeGateway.Cms;
using SmimeGateway.Deciding;
using SmimeGateway.Mime;
using SmimeGateway.Smtp;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests.Deciding;

public sealed class DecisionTests
{
    private static readonly Lazy<string> Enveloped = new(() =>
    {
        CmsRecipient.TryCreate(TestPki.Issue("b@example.net"), KeyTransport.RsaPkcs1, RecipientNaming.IssuerAndSerial, out var recipient, out _).ShouldBeTrue();
        using var encryption = new ContentEncryption(ContentCipher.Aes256Cbc, [recipient], new ReadOnlySequence<byte>("x"u8.ToArray()));
        var cms = new byte[encryption.EncodedLength];
        encryption.Write(cms);
        return Convert.ToBase64String(cms, Base64FormattingOptions.InsertLineBreaks);
    });

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

    [Theory]
    [InlineData("Content-Type: application/pkcs7-mime; smime-type=enveloped-data\r\nContent-Transfer-Encoding: base64\r\n\r\n(enveloped)\r\n")]
    [InlineData("Content-Type: application/octet-stream; name=smime.p7m\r\nContent-Transfer-Encoding: base64\r\n\r\n(enveloped)\r\n")]
    [InlineData("Content-Type: multipart/encrypted; protocol=\"application/pgp-encrypted\"; boundary=b\r\n\r\n--b\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n--b\r\nContent-Type: application/octet-stream\r\n\r\n-----BEGIN PGP MESSAGE-----\r\n\r\nhQEM\r\n-----END PGP MESSAGE-----\r\n--b--\r\n")]
    public void Mail_that_is_encrypted_passes_unless_the_rule_wants_another_layer(string encrypted)
    {
        encrypted = encrypted.Replace("(enveloped)", Enveloped.Value, StringComparison.Ordinal);

        Decide(encrypted, AlreadyProtected.Keep).Action.ShouldBe(DecisionAction.Pass);
        Decide(encrypted, AlreadyProtected.SignAgain).Encrypt.ShouldNotBeNull();
    }

    [Fact]
    public void Mail_that_is_signed_already_is_encrypted_with_the_signature_it_has()
    {
        const string Signed = "Content-Type: multipart/signed; protocol=\"application/pkcs7-signature\"; micalg=sha-256; boundary=b\r\n\r\n"
            + "--b\r\nContent-Type: text/plain\r\n\r\nx\r\n--b\r\nContent-Type: application/pkcs7-signature\r\n\r\nx\r\n--b--\r\n";

        var decision = Decide(Signed, AlreadyProtected.Keep, MessageWrap.Triple);

        decision.Encrypt.ShouldNotBeNull();
        decision.SignsInside.ShouldBeFalse();
        decision.SignsOutside.ShouldBeTrue();
        Decide(Signed, AlreadyProtected.SignAgain).SignsInside.ShouldBeTrue();
    }

    private static Decision Decide(string message, AlreadyProtected alreadyProtected, MessageWrap wrap = MessageWrap.SignThenEncrypt)
    {
        Entity.TryParse(Encoding.ASCII.GetBytes("From: a@example.com\r\n" + message), MimeLimits.Standard, out var entity, out _).ShouldBeTrue();
        var rule = new RuleOptions
        {
            Name = "r",
            Sign = new SignOptions { With = ["own"] },
            Encrypt = new EncryptOptions { To = ["folder"] },
            AlreadyProtected = alreadyProtected,
            Wrap = wrap,
        };
        var rules = new RuleBook([rule], WhenNoRuleMatches.Pass, new EncryptionOptions());
        MailPath.TryParse("b@example.net", out var recipient).ShouldBeTrue();
        var facts = new MessageFacts(recipient, "internal", IPAddress.Loopback, User: null, entity.Header);
        return RecipientGroup.Form(rules, facts, [new EnvelopeRecipient(recipient)], entity, ProtectionRecognizer.Recognize(entity))
            .ShouldHaveSingleItem().Decision;
    }
}
