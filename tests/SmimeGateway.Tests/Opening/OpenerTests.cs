using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using SmimeGateway.Certificates;
using SmimeGateway.Certificates.Trusting;
using SmimeGateway.Mime.ProtectedForms;
using SmimeGateway.Opening;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests.Opening;

public sealed class OpenerTests
{
    private static readonly X509Certificate2 Alice = TestPki.Issue("alice@example.com", keyOwner: "alice");
    private static readonly X509Certificate2 Bob = TestPki.Issue("bob@example.com", keyOwner: "bob");
    private static readonly X509Certificate2 Carol = TestPki.Issue("carol@example.com", keyOwner: "carol");

    [Fact]
    public void A_message_without_layers_is_its_own_content()
    {
        var opened = Open(Letters.Plain);

        opened.Layers.ShouldBeEmpty();
        Text(opened).ShouldBe(Letters.Fields + Letters.Plain);
        opened.IsGood.ShouldBeTrue();
    }

    [Fact]
    public void A_triple_wrapped_and_compressed_message_is_opened_layer_by_layer()
    {
        var inner = Letters.Clear(Letters.Compressed(Letters.Plain), Alice);

        var opened = Open(Letters.Opaque(Letters.Encrypted(inner, Carol, Bob), Alice));

        opened.Fault.ShouldBeNull();
        Text(opened).ShouldBe(Letters.Plain);
        opened.Layers.Select(layer => layer.Kind).ShouldBe(
            [ExistingProtection.OpaqueSigned, ExistingProtection.Enveloped, ExistingProtection.ClearSigned, ExistingProtection.Compressed]);
        opened.Layers.ShouldAllBe(layer => layer.IsGood);
        opened.IsGood.ShouldBeTrue();
        var encrypted = opened.Layers[1];
        encrypted.Algorithm.ShouldBe("AES-256-CBC");
        encrypted.OpenedWith!.Certificate.Thumbprint.ShouldBe(Bob.Thumbprint);
        encrypted.Recipients.Single(recipient => recipient.Own is null).Name.ShouldContain(Carol.SerialNumber);
        encrypted.Recipients.Single(recipient => recipient.Own is not null).Own!.Source.ShouldBe("office");
        opened.Layers[2].Signers.ShouldHaveSingleItem().Subject!.ShouldContain("alice@example.com");
    }

    [Fact]
    public void Every_certificate_that_is_meant_is_tried_and_those_without_a_usable_key_are_passed_over()
    {
        // The older of two certificates of one key has lost its key file.
        var closed = Own(TestPki.Public(Bob), "old");

        var opened = Open(Letters.Encrypted(Letters.Plain, Bob), closed, Own(Bob, "new"));

        opened.Layers.ShouldHaveSingleItem().OpenedWith!.Source.ShouldBe("new");
    }

    [Fact]
    public void A_key_that_cannot_be_used_is_named()
    {
        var opened = Open(Letters.Encrypted(Letters.Plain, Bob), Own(TestPki.Public(Bob), "old"));

        opened.Fault.ShouldBe($"the key of {CertificateTraits.Read(Bob).Subject} cannot be used: it has no private key");
    }

    [Fact]
    public void A_recipient_who_is_named_by_key_identifier_is_found()
    {
        Cms.CmsRecipient.TryCreate(Bob, Cms.KeyTransport.OaepSha256, Cms.RecipientNaming.KeyIdentifier, out var recipient, out _).ShouldBeTrue();
        using var encryption = new Cms.ContentEncryption(
            Cms.ContentCipher.Aes256Gcm, [recipient!], new System.Buffers.ReadOnlySequence<byte>(Letters.Bytes(Letters.Plain)));
        var cms = new byte[encryption.EncodedLength];
        encryption.Write(cms);

        var opened = Open(Letters.Body("authEnveloped-data", cms));

        Text(opened).ShouldBe(Letters.Plain);
        var layer = opened.Layers.ShouldHaveSingleItem();
        layer.Kind.ShouldBe(ExistingProtection.AuthEnveloped);
        layer.Recipients.ShouldHaveSingleItem().Algorithm.ShouldBe("RSA-OAEP SHA-256");
    }

    [Fact]
    public void Weak_ciphers_are_opened_only_where_they_are_allowed()
    {
        var enveloped = new EnvelopedCms(new ContentInfo(Letters.Bytes(Letters.Plain)), new AlgorithmIdentifier(new Oid("1.2.840.113549.3.7")));
        enveloped.Encrypt(new CmsRecipient(Bob));
        var mail = Letters.Bytes(Letters.Fields + Letters.Body("enveloped-data", enveloped.Encode()));

        new Opener(Trust, [Own(Bob)]).Open(mail, TestPki.Now).Fault
            .ShouldBe("The content is encrypted by 3DES-CBC, which is read only where weak ciphers are allowed.");
        Text(new Opener(Trust, [Own(Bob)]) { AllowsWeakCiphers = true }.Open(mail, TestPki.Now)).ShouldBe(Letters.Plain);
    }

    [Fact]
    public void A_content_that_is_not_mail_is_refused()
    {
        var enveloped = new EnvelopedCms(new ContentInfo(new Oid("1.2.840.113549.1.7.2"), [4, 1, 0]));
        enveloped.Encrypt(new CmsRecipient(Bob));

        Open(Letters.Body("enveloped-data", enveloped.Encode())).Fault
            .ShouldBe("the encrypted content is of type 1.2.840.113549.1.7.2, which is not mail");
    }

    [Fact]
    public void A_message_for_others_stays_closed()
    {
        var opened = Open(Letters.Encrypted(Letters.Plain, Carol));

        opened.Content.ShouldBeNull();
        opened.Fault.ShouldBe("The content is encrypted to none of the keys at hand.");
        opened.Layers.ShouldHaveSingleItem().Recipients.ShouldHaveSingleItem().Own.ShouldBeNull();
    }

    [Fact]
    public void An_encrypted_part_among_others_is_not_opened()
    {
        // Its neighbours could carry the text away: an image whose address takes it in, for instance.
        var part = Letters.Encrypted(Letters.Plain, Bob);

        var opened = Open($"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n{Letters.Plain}\r\n--x\r\n{part}\r\n--x--\r\n");

        opened.Layers.ShouldBeEmpty();
        Text(opened).ShouldContain("enveloped-data");
    }

    [Fact]
    public void An_inner_signature_of_somebody_else_than_the_outer_author_is_not_good()
    {
        var opened = Open(Letters.Encrypted(Letters.Opaque(Letters.Plain, Carol), Bob));

        Text(opened).ShouldBe(Letters.Plain);
        opened.Layers[1].Signers.ShouldHaveSingleItem().IsAuthor.ShouldBeFalse();
        opened.IsGood.ShouldBeFalse();
    }

    [Theory]
    [InlineData("alice@example.com", true)]
    [InlineData("carol@example.com", false)]
    public void A_protected_author_must_be_the_signer_as_well(string from, bool isAuthor)
    {
        var content = $"From: {from}\r\nContent-Type: text/plain; hp=\"cipher\"\r\n\r\nThe text.\r\n";

        var opened = Open(Letters.Encrypted(Letters.Opaque(content, Alice), Bob));

        opened.Layers[1].Signers.ShouldHaveSingleItem().IsAuthor.ShouldBe(isAuthor);
    }

    [Fact]
    public void A_broken_signature_hides_nothing_and_is_not_good()
    {
        var opened = Open(Letters.Clear(Letters.Plain, Alice).Replace("The text", "Another text", StringComparison.Ordinal));

        Text(opened).ShouldContain("Another text");
        opened.Layers.ShouldHaveSingleItem().Signers.ShouldHaveSingleItem().SignatureFault.ShouldNotBeNull();
        opened.IsGood.ShouldBeFalse();
    }

    [Fact]
    public void Ten_layers_are_opened_and_no_more()
    {
        var body = Letters.Plain;
        for (var layer = 0; layer < Opener.MaxLayers; layer++)
        {
            body = Letters.Compressed(body);
        }

        Text(Open(body)).ShouldBe(Letters.Plain);
        var tooMany = Open(Letters.Compressed(body));
        tooMany.Content.ShouldBeNull();
        tooMany.Fault.ShouldBe("the message has more than 10 layers");
    }

    [Fact]
    public void A_compressed_layer_becomes_no_longer_than_allowed()
    {
        var opener = new Opener(Trust, []) { MaxInflatedOctets = 1_000_000 };
        var bomb = Letters.Compressed(Letters.Plain + new string('a', 1_000_000));

        var opened = opener.Open(Letters.Bytes(Letters.Fields + bomb), TestPki.Now);

        opened.Content.ShouldBeNull();
        opened.Fault.ShouldBe("The content would become longer than 1000000 bytes.");
    }

    [Fact]
    public void A_content_that_was_encrypted_with_line_feeds_alone_gets_the_lines_of_mail()
    {
        var inner = Letters.Clear(Letters.Plain, Alice).Replace("\r\n", "\n", StringComparison.Ordinal);

        var opened = Open(Letters.Encrypted(inner, Bob));

        Text(opened).ShouldBe(Letters.Plain);
        opened.IsGood.ShouldBeTrue();
    }

    [Fact]
    public void Line_feeds_in_a_content_of_mail_stay_what_they_are()
    {
        var content = "Content-Transfer-Encoding: binary\r\n\r\none\ntwo\n";

        Text(Open(Letters.Encrypted(content, Bob))).ShouldBe(content);
    }

    [Fact]
    public void What_the_object_is_counts_and_not_what_its_header_says()
    {
        var body = Letters.Encrypted(Letters.Plain, Bob).Replace("smime-type=enveloped-data", "smime-type=authEnveloped-data", StringComparison.Ordinal);

        Open(body).Layers.ShouldHaveSingleItem().Kind.ShouldBe(ExistingProtection.Enveloped);
    }

    private static TrustStore Trust => new([TestPki.Root], [TestPki.Intermediate]);

    private static OwnCertificate Own(X509Certificate2 certificate, string source = "office") =>
        new(source, "bob.pfx", certificate, TestPki.Chain, CertificateTraits.Read(certificate));

    private static OpenedMessage Open(string body, params OwnCertificate[] own) =>
        new Opener(Trust, own.Length == 0 ? [Own(Bob)] : own).Open(Letters.Bytes(Letters.Fields + body), TestPki.Now);

    private static string Text(OpenedMessage opened) => Encoding.Latin1.GetString(opened.Content!.Value.Span);
}
