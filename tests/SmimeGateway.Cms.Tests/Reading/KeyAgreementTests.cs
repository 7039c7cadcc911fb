using SmimeGateway.TestSupport;

namespace SmimeGateway.Cms.Tests.Reading;

public sealed class KeyAgreementTests
{
    private static readonly byte[] AesWrap = Ber.Wrap(0x30, Ber.Oid(Oids.Aes128Wrap));

    [Theory]
    [InlineData(Oids.Ed25519, Oids.StdDhSha256Kdf, "Key agreement with keys of the algorithm 1.3.101.112 is not supported.")]
    [InlineData(Oids.EcPublicKey, "1.3.132.1.11.0", "The key agreement 1.3.132.1.11.0 is not supported.")]
    [InlineData(Oids.EcPublicKey, "1.3.132.1.15.1", "The key agreement 1.3.132.1.15.1 is not supported.")]
    public void An_agreement_that_nobody_here_knows_is_named(string keyOid, string scheme, string reason)
    {
        var originator = Ber.Wrap(0xA1, Ber.Wrap(0x30, Ber.Oid(keyOid)), Ber.Wrap(0x03, [0, 1, 2, 3]));

        Refuse(originator, scheme, AesWrap).ShouldBe(reason);
    }

    [Fact]
    public void A_sender_with_a_key_of_his_own_is_not_supported()
    {
        Refuse(OddEnvelope.IssuerAndSerial(Some.Certificate), Oids.StdDhSha256Kdf, AesWrap)
            .ShouldBe("Key agreement with a sender's own certificate is not supported.");
    }

    [Fact]
    public void A_wrap_that_is_not_known_is_named()
    {
        var originator = Ber.Wrap(0xA1, Ber.Wrap(0x30, Ber.Oid(Oids.EcPublicKey)), Ber.Wrap(0x03, [0, 4]));

        Refuse(originator, Oids.StdDhSha256Kdf, Ber.Wrap(0x30, Ber.Oid(Oids.Aes256Cbc))).ShouldBe($"The key wrap {Oids.Aes256Cbc} is not supported.");
        Refuse(originator, Oids.StdDhSha256Kdf, []).ShouldBe($"The key agreement {Oids.StdDhSha256Kdf} names no key wrap.");
    }

    [Fact]
    public void A_wrap_by_Triple_DES_is_read_only_where_weak_ciphers_are_allowed()
    {
        var originator = Ber.Wrap(0xA1, Ber.Wrap(0x30, Ber.Oid(Oids.EcPublicKey)), Ber.Wrap(0x03, [0, 4]));

        Refuse(originator, Oids.StdDhSha1Kdf, Ber.Wrap(0x30, Ber.Oid(Oids.TripleDesWrap), [5, 0]))
            .ShouldBe("The key is encrypted by ECDH SHA-1, 3DES key wrap, which is read only where weak ciphers are allowed.");
    }

    private static string Refuse(byte[] originator, string scheme, byte[] wrap)
    {
        var alice = TestPki.Issue("alice@example.com", KeyKind.EcP256);
        var recipient = OddEnvelope.Agreement(OddEnvelope.IssuerAndSerial(alice), originator, scheme, wrap, new byte[24]);

        new OddEnvelope { Recipients = [recipient] }.Read().TryDecrypt([alice], allowWeakCiphers: false, out _, out var fault).ShouldBeFalse();

        return fault!.Reason;
    }
}
