using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SmimeGateway.Cms.Reading;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Cms.Tests;

/// <summary>Nobody who sends altered messages learns from the answers what a key makes of them (RFC 3218).</summary>
public sealed class SilenceTests
{
    private static readonly byte[] WrongKey = [.. OddEnvelope.ContentKey.Reverse()];

    private static readonly X509Certificate2 Elliptic = TestPki.Issue("alice@example.com", KeyKind.EcP256);

    public static TheoryData<string> Ways => new(Failures().Keys);

    [Theory]
    [MemberData(nameof(Ways))]
    public void Every_way_to_fail_sounds_the_same(string way)
    {
        var enveloped = Failures()[way].Read();

        enveloped.TryDecrypt([Some.Certificate, Elliptic], allowWeakCiphers: false, out var content, out var fault).ShouldBeFalse();

        content.ShouldBeNull();
        fault.ShouldBe(new CmsFault(CmsFaultKind.DecryptionFailed, "The content cannot be decrypted with the key it is encrypted to."));
    }

    [Fact]
    public void A_key_with_a_wrong_padding_is_replaced_by_one_that_nobody_can_foretell_and_that_stays_the_same()
    {
        var first = Decoy(1);
        var second = Decoy(2);

        first.ShouldBe(Decoy(1));
        first.ShouldNotBe(second);

        static byte[] Decoy(byte value)
        {
            var encrypted = new byte[256];
            encrypted[^1] = value;
            var fields = Fields(new OddEnvelope { Recipients = [OddEnvelope.TransportOf(Some.Certificate, encrypted)] });
            var key = new byte[32];
            fields.Keys[0].Decrypt(new CmsIdentity(Some.Certificate), key);
            return key;
        }
    }

    [Fact]
    public void A_content_is_tried_with_the_decoy_so_that_some_wrong_paddings_give_nonsense_as_some_wrong_keys_do()
    {
        // One octet of 256 looks like a right padding of CBC. Whether such a message opens, its sender cannot tell from a wrong key.
        var opened = 0;
        for (var number = 0; number < 5_000 && opened == 0; number++)
        {
            var encrypted = BitConverter.GetBytes(number).Concat(new byte[4]).ToArray();
            var enveloped = new OddEnvelope { Recipients = [OddEnvelope.TransportOf(Some.Certificate, encrypted)] }.Read();
            if (enveloped.TryDecrypt([Some.Certificate], allowWeakCiphers: false, out var content, out _))
            {
                opened++;
                content.ShouldNotBe(Some.Content);
            }
        }

        opened.ShouldBe(1);
    }

    private static Dictionary<string, OddEnvelope> Failures()
    {
        var sound = new OddEnvelope { IsAuthenticated = true };
        byte[] originator = [0x04, .. new byte[64]];
        var ways = new Dictionary<string, OddEnvelope>
        {
            ["another key, in CBC"] = new() { Recipients = [OddEnvelope.Transport(Some.Certificate, WrongKey)] },
            ["another key, in GCM"] = sound with { Recipients = [OddEnvelope.Transport(Some.Certificate, WrongKey)] },
            ["a key that is too short"] = sound with { Recipients = [OddEnvelope.Transport(Some.Certificate, OddEnvelope.ContentKey[..16])] },
            ["a key that is too long"] = sound with { Recipients = [OddEnvelope.Transport(Some.Certificate, [.. OddEnvelope.ContentKey, 1])] },
            ["no key at all"] = sound with { Recipients = [OddEnvelope.Transport(Some.Certificate, [])] },
            ["a wrong padding of the key"] = sound with { Recipients = [OddEnvelope.TransportOf(Some.Certificate, new byte[256])] },
            ["an encrypted key that is too short"] = sound with { Recipients = [OddEnvelope.TransportOf(Some.Certificate, [1, 2, 3])] },
            ["an encrypted key that is too long"] = sound with { Recipients = [OddEnvelope.TransportOf(Some.Certificate, new byte[5_000])] },
            ["an empty encrypted key"] = sound with { Recipients = [OddEnvelope.TransportOf(Some.Certificate, [])] },
            ["a wrong OAEP"] = sound with
            {
                Recipients = [OddEnvelope.TransportOf(Some.Certificate, new byte[256], Ber.Wrap(0x30, Ber.Oid(Oids.RsaesOaep), Ber.Wrap(0x30)))],
            },
            ["a damaged tag"] = sound with { Damage = encrypted => encrypted[0] ^= 1 },
            ["a damaged padding of the content"] = new() { Damage = encrypted => encrypted[^17] ^= 0x40 },
            ["a padding of the content that is right in its last octet alone"] = new() { Damage = encrypted => encrypted[^18] ^= 1 },
            ["a content that ends within a block"] = new() { Layout = encrypted => Ber.Wrap(0x80, encrypted[..^1]) },
            ["an empty content"] = new() { Layout = _ => Ber.Wrap(0x80) },
            ["a point that is not on the curve"] = sound with { Recipients = [Agreed(originator)] },
            ["a point that is no point"] = sound with { Recipients = [Agreed([9, 9])] },
            ["no point"] = sound with { Recipients = [Agreed([])] },
            ["a point of another curve"] = sound with { Recipients = [Agreed(PointOn(ECCurve.NamedCurves.nistP384))] },
            ["a wrap by another key"] = sound with { Recipients = [Agreed(PointOn(ECCurve.NamedCurves.nistP256))] },
            ["a wrap that is too short"] = sound with { Recipients = [Agreed(PointOn(ECCurve.NamedCurves.nistP256), wrappedLength: 8)] },
        };
        return ways;
    }

    private static byte[] Agreed(byte[] point, int wrappedLength = 40)
    {
        var key = Ber.Wrap(0xA1, Ber.Wrap(0x30, Ber.Oid(Oids.EcPublicKey)), Ber.Wrap(0x03, [0, .. point]));
        var wrap = Ber.Wrap(0x30, Ber.Oid(Oids.Aes256Wrap));
        return OddEnvelope.Agreement(OddEnvelope.IssuerAndSerial(Elliptic), key, Oids.StdDhSha256Kdf, wrap, new byte[wrappedLength]);
    }

    private static byte[] PointOn(ECCurve curve)
    {
        using var key = ECDiffieHellman.Create(curve);
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        return [0x04, .. point.X!, .. point.Y!];
    }

    private static EnvelopedFields Fields(OddEnvelope envelope)
    {
        EnvelopedFields.TryRead(envelope.Encode(), CmsLimits.Standard, out var fields, out var fault).ShouldBeTrue(fault?.Reason);
        return fields!;
    }
}
