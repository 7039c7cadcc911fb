using System.Buffers;
using System.Text;
using SmimeGateway.Cms;
using SmimeGateway.Locating;
using SmimeGateway.Mime;
using SmimeGateway.Mime.ProtectedForms;
using SmimeGateway.Protecting;
using SmimeGateway.Settings;
using SmimeGateway.Smtp;
using SmimeGateway.Tests.Relaying;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests.Held;

public sealed class HeldMailTests : IDisposable
{
    private readonly SomeHeld _held = new();

    public void Dispose() => _held.Dispose();

    [Theory]
    [InlineData(KeyKind.Rsa2048)]
    [InlineData(KeyKind.EcP256)]
    public void What_was_sealed_comes_back_with_all_that_rules_ask_of_its_session(KeyKind kind)
    {
        using var held = new SomeHeld(kind);
        var message = SomeHeld.Message("bob@example.net", "carol@example.net");

        var sealedMessage = held.Seal(message);

        sealedMessage.Protection.ShouldBe(Protection.Held);
        HeldMail.TryOpen(sealedMessage.Content, sealedMessage.Envelope, held.Key, out var opened, out var fault).ShouldBeTrue(fault);
        opened!.Content.ToArray().ShouldBe(message.Content.ToArray());
        opened.Session.ShouldBe(message.Session);
        opened.Received.ShouldBe(message.Received);
        opened.Envelope.ShouldBeSameAs(sealedMessage.Envelope);
        sealedMessage.Envelope.ShouldBe(message.Envelope);
    }

    [Fact]
    public void No_octet_of_the_content_is_in_the_sealed_message()
    {
        var sealedMessage = _held.Seal(SomeHeld.Message("bob@example.net"));

        Entity.TryParse(sealedMessage.Content, MimeLimits.Standard, out var entity, out _).ShouldBeTrue();
        var header = Encoding.ASCII.GetString(entity!.Header.Raw.Span);
        header.ShouldContain("Content-Type: application/pkcs7-mime; smime-type=authEnveloped-data");
        header.ShouldContain("From: alice@example.com");
        header.ShouldNotContain("offer");
        foreach (var secret in new[] { SomeHeld.Secret, "offer", "192.0.2.7", "0HNPNF2V4V3K6" })
        {
            entity.DecodeBody().AsSpan().IndexOf(Encoding.ASCII.GetBytes(secret)).ShouldBe(-1);
        }
    }

    [Theory]
    [InlineData(KeyKind.Rsa2048)]
    [InlineData(KeyKind.EcP256)]
    public async Task An_administrator_opens_it_with_openssl_and_the_file_of_the_key(KeyKind kind)
    {
        using var held = new SomeHeld(kind);
        using var folder = new TemporaryFolder();
        var message = SomeHeld.Message("bob@example.net");
        await File.WriteAllBytesAsync(folder["held.eml"], held.Seal(message).Content.ToArray());

        await Tool.MustAsync("openssl", ["cms", "-decrypt", "-in", folder["held.eml"], "-inkey", held.KeyFile, "-out", folder["opened"]]);

        var opened = await File.ReadAllBytesAsync(folder["opened"]);
        var (first, rest) = (opened.AsSpan().IndexOf("\r\n\r\n"u8), "\r\n\r\n".Length);
        opened[(first + rest)..].ShouldBe(message.Content.ToArray());
        Encoding.ASCII.GetString(opened.AsSpan(0, first)).ShouldStartWith("Content-Type: message/rfc822\r\n");
    }

    [Fact]
    public void Whoever_changes_an_octet_gets_nothing_opened()
    {
        var sealedMessage = _held.Seal(SomeHeld.Message("bob@example.net"));
        var start = sealedMessage.Content.Span.IndexOf("\r\n\r\n"u8) + 4;
        var random = new Random(3);
        for (var i = 0; i < 300; i++)
        {
            var touched = sealedMessage.Content.ToArray();
            touched[random.Next(start, touched.Length)] ^= (byte)(1 << random.Next(6));

            // A change may leave the octets that base64 stands for as they were.
            if (HeldMail.TryOpen(touched, sealedMessage.Envelope, _held.Key, out var opened, out var fault))
            {
                opened.Content.ToArray().ShouldBe(SomeHeld.Message("bob@example.net").Content.ToArray());
            }
            else
            {
                fault.ShouldNotBeNullOrWhiteSpace();
            }
        }
    }

    [Fact]
    public void Cut_off_anywhere_it_does_not_open()
    {
        var sealedMessage = _held.Seal(SomeHeld.Message("bob@example.net"));
        for (var length = 0; length < sealedMessage.Content.Length - 8; length += 13)
        {
            HeldMail.TryOpen(sealedMessage.Content[..length], sealedMessage.Envelope, _held.Key, out _, out var fault).ShouldBeFalse($"{length}");
            fault.ShouldNotBeNullOrWhiteSpace();
        }
    }

    [Fact]
    public void It_opens_for_some_of_those_it_was_sealed_for_and_for_nobody_else()
    {
        var sealedMessage = _held.Seal(SomeHeld.Message("bob@example.net", "carol@example.net"));

        Opens("alice@example.com", "carol@example.net").ShouldBeTrue();
        Opens("alice@example.com", "carol@EXAMPLE.net", "bob@example.net").ShouldBeTrue();
        Opens("alice@example.com", "carol@example.net", "mallory@example.org").ShouldBeFalse();
        Opens("mallory@example.org", "carol@example.net").ShouldBeFalse();

        bool Opens(string sender, params string[] recipients)
        {
            var envelope = new Envelope(SomeQueued.Path(sender), [.. recipients.Select(address => new EnvelopeRecipient(SomeQueued.Path(address)))]);
            return HeldMail.TryOpen(sealedMessage.Content, envelope, _held.Key, out _, out _);
        }
    }

    [Fact]
    public void Mail_from_nobody_is_held_as_well()
    {
        var message = SomeHeld.Message("bob@example.net");
        message = message with { Envelope = message.Envelope with { ReversePath = MailPath.Null } };
        var sealedMessage = _held.Seal(message);

        HeldMail.TryOpen(sealedMessage.Content, sealedMessage.Envelope, _held.Key, out _, out var fault).ShouldBeTrue(fault);
        HeldMail.TryOpen(sealedMessage.Content, SomeHeld.Message("bob@example.net").Envelope, _held.Key, out _, out _).ShouldBeFalse();
    }

    [Fact]
    public void Another_key_does_not_open_it()
    {
        using var folder = new TemporaryFolder();
        TestPki.WritePem(folder["other.pem"], TestPki.Issue("other@example.com", keyOwner: "other"));
        using var other = HoldKey.At(folder.Path, new SecretOptions { File = folder["other.pem"] });
        var sealedMessage = _held.Seal(SomeHeld.Message("bob@example.net"));

        HeldMail.TryOpen(sealedMessage.Content, sealedMessage.Envelope, other, out _, out var fault).ShouldBeFalse();
        fault.ShouldNotBeNullOrWhiteSpace();
    }

    [Theory]
    [InlineData("")]
    [InlineData("Subject: not ours\r\n\r\nbody")]
    [InlineData("Content-Type: message/rfc822\r\nContent-Transfer-Encoding: binary\r\nX-SmimeGateway-Held: \r\n\r\nbody")]
    [InlineData("Content-Type: message/rfc822\r\nContent-Transfer-Encoding: binary\r\nX-SmimeGateway-Held: null\r\n\r\nbody")]
    [InlineData("Content-Type: message/rfc822\r\nContent-Transfer-Encoding: binary\r\nX-SmimeGateway-Held: []\r\n\r\nbody")]
    [InlineData("Content-Type: message/rfc822\r\nContent-Transfer-Encoding: binary\r\nX-SmimeGateway-Held: {\"session\":\"x\"}\r\n\r\nbody")]
    [InlineData("Content-Type: message/rfc822\r\nContent-Transfer-Encoding: binary\r\nX-SmimeGateway-Held: {\"session\":null,\"listener\":null,\"client\":null,\"received\":\"2026-03-14T09:26:53Z\",\"sender\":null,\"recipients\":null}\r\n\r\nbody")]
    [InlineData("Content-Type: message/rfc822\r\nContent-Transfer-Encoding: binary\r\nX-SmimeGateway-Held: {\"session\":\"x\",\"listener\":\"x\",\"client\":\"nobody\",\"received\":\"2026-03-14T09:26:53Z\",\"sender\":\"alice@example.com\",\"recipients\":[\"bob@example.net\"]}\r\n\r\nbody")]
    [InlineData("Content-Type: message/rfc822\r\nContent-Transfer-Encoding: binary\r\nX-SmimeGateway-Held: {\"session\":\"x\\u001b[2J\",\"listener\":\"x\",\"client\":\"192.0.2.7:1\",\"received\":\"2026-03-14T09:26:53Z\",\"sender\":\"alice@example.com\",\"recipients\":[\"bob@example.net\"]}\r\n\r\nbody")]
    [InlineData("Content-Type: message/rfc822\r\nContent-Transfer-Encoding: binary\r\nX-SmimeGateway-Held: {\"session\":\"x\",\"listener\":\"x\",\"client\":\"192.0.2.7:1\",\"received\":\"2026-03-14T09:26:53Z\",\"sender\":\"alice@example.com\",\"recipients\":[null, \"\", \"@\"]}\r\n\r\nbody")]
    public void What_no_gateway_sealed_is_no_message(string content)
    {
        var envelope = SomeHeld.Message("bob@example.net").Envelope;
        var forged = Envelop(ContentCipher.Aes256Gcm, content);

        HeldMail.TryOpen(forged, envelope, _held.Key, out _, out var fault).ShouldBeFalse();
        fault.ShouldBeOneOf("what is in the seal was not put there by a gateway", "it was sealed for another sender or other recipients");
    }

    [Fact]
    public void Without_a_tag_nothing_in_a_seal_is_believed()
    {
        const string good = "Content-Type: message/rfc822\r\nContent-Transfer-Encoding: binary\r\nX-SmimeGateway-Held: {\"session\":\"x\",\"listener\":\"x\",\"client\":\"192.0.2.7:1\",\"received\":\"2026-03-14T09:26:53Z\",\"sender\":\"alice@example.com\",\"recipients\":[\"bob@example.net\"]}\r\n\r\nbody";
        var envelope = SomeHeld.Message("bob@example.net").Envelope;

        HeldMail.TryOpen(Envelop(ContentCipher.Aes256Gcm, good), envelope, _held.Key, out _, out _).ShouldBeTrue();
        HeldMail.TryOpen(Envelop(ContentCipher.Aes256Cbc, good), envelope, _held.Key, out _, out var fault).ShouldBeFalse();
        fault.ShouldBe("the seal is not authenticated");
    }

    [Fact]
    public void A_key_that_is_not_there_seals_nothing()
    {
        using var none = HoldKey.At("/nowhere", new SecretOptions { File = "/nowhere/hold.pem" });
        var message = SomeHeld.Message("bob@example.net");

        Should.Throw<IOException>(() => HeldMail.Seal(message, message.Envelope.Recipients, [], none));
    }

    private byte[] Envelop(ContentCipher cipher, string content)
    {
        using var encryption = new ContentEncryption(cipher, [_held.Key.Recipient], new ReadOnlySequence<byte>(Encoding.ASCII.GetBytes(content)));
        return Pkcs7Mime.Compose([], encryption.SmimeType, "smime.p7m", encryption.EncodedLength, cms => encryption.Write(cms.Span));
    }
}
