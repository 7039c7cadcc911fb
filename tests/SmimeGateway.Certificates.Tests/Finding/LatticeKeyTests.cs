using System.Formats.Asn1;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Pkcs;
using Org.BouncyCastle.Security;
using SmimeGateway.Certificates.Finding.Formats;
using SmimeGateway.TestSupport.Modern;

namespace SmimeGateway.Certificates.Tests.Finding;

/// <summary>The three forms of ML-DSA and ML-KEM keys (RFC 9881 and 9935, section 6), and those that contradict themselves.</summary>
public sealed class LatticeKeyTests
{
    private static readonly ModernKind[] All =
        [ModernKind.MlDsa44, ModernKind.MlDsa65, ModernKind.MlDsa87, ModernKind.MlKem512, ModernKind.MlKem768, ModernKind.MlKem1024];

    public static TheoryData<ModernKind> Kinds => [.. All];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Seed_expanded_and_both_are_the_same_key(ModernKind kind)
    {
        var alice = ModernIdentity.Issue("alice@example.com", kind);

        foreach (var form in Forms(alice.Pkcs8))
        {
            var opened = OpenedKey.ReadAndJoin(alice.Certificate, () => PrivateKeyReading.OfPkcs8(form));

            opened.Fault.ShouldBeNull();
            opened.DetachedKey.ToArray().ShouldBe(form);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_seed_that_is_not_that_of_the_expanded_key_is_refused_wherever_they_differ(ModernKind kind)
    {
        var (seed, expanded) = Parts(Forms(ModernIdentity.Issue("alice@example.com", kind).Pkcs8)[2]);
        PrivateKeyReading.OfPkcs8(Both(kind, seed, expanded)).Key.ShouldNotBeNull();

        foreach (var at in new[] { 0, seed.Length / 2, seed.Length - 1 })
        {
            PrivateKeyReading.OfPkcs8(Both(kind, Changed(seed, at), expanded)).Key.ShouldBeNull($"seed {at}");
        }

        for (var at = 0; at < expanded.Length; at += 101)
        {
            PrivateKeyReading.OfPkcs8(Both(kind, seed, Changed(expanded, at))).Key.ShouldBeNull($"expanded {at}");
        }

        PrivateKeyReading.OfPkcs8(Both(kind, seed, Changed(expanded, expanded.Length - 1))).Key.ShouldBeNull("its last octet");
        var (otherSeed, otherExpanded) = Parts(Forms(ModernIdentity.Issue("bob@example.com", kind).Pkcs8)[2]);
        PrivateKeyReading.OfPkcs8(Both(kind, otherSeed, expanded)).Key.ShouldBeNull("another's seed");
        PrivateKeyReading.OfPkcs8(Both(kind, seed, otherExpanded)).Key.ShouldBeNull("another's key");
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void An_expanded_key_that_is_not_that_of_its_public_half_is_refused(ModernKind kind)
    {
        var alice = ModernIdentity.Issue("alice@example.com", kind);
        var pkcs8 = Forms(alice.Pkcs8)[1];
        var (_, expanded) = Parts(pkcs8);
        var start = pkcs8.Length - expanded.Length;

        // The last 32 octets of ML-KEM are what a wrong ciphertext is answered with; any will do. Of ML-DSA, seed (0 to 31) and digest of the public key
        // (64 to 127) stand in it; next to them lies what hedges signatures, and small numbers of which a few more or less still sign.
        int[] places = kind >= ModernKind.MlKem512
            ? [.. Enumerable.Range(0, (expanded.Length - 32) / 97).Select(number => number * 97)]
            : [.. Enumerable.Range(0, 32), .. Enumerable.Range(64, 64)];
        foreach (var at in places)
        {
            OpenedKey.ReadAndJoin(alice.Certificate, () => PrivateKeyReading.OfPkcs8(Changed(pkcs8, start + at))).Fault.ShouldNotBeNull($"octet {at}");
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_key_of_another_parameter_set_is_not_taken(ModernKind kind)
    {
        var (seed, expanded) = Parts(Forms(ModernIdentity.Issue("alice@example.com", kind).Pkcs8)[2]);
        foreach (var other in All.Where(other => other != kind))
        {
            PrivateKeyReading.OfPkcs8(Both(other, seed, expanded)).Key.ShouldBeNull(other.ToString());
        }
    }

    private static byte[][] Forms(byte[] pkcs8) => PrivateKeyFactory.CreateKey(pkcs8) switch
    {
        MLDsaPrivateKeyParameters key =>
        [
            Encode(key.WithPreferredFormat(MLDsaPrivateKeyParameters.Format.SeedOnly)),
            Encode(key.WithPreferredFormat(MLDsaPrivateKeyParameters.Format.EncodingOnly)),
            Encode(key.WithPreferredFormat(MLDsaPrivateKeyParameters.Format.SeedAndEncoding)),
        ],
        MLKemPrivateKeyParameters key =>
        [
            Encode(key.WithPreferredFormat(MLKemPrivateKeyParameters.Format.SeedOnly)),
            Encode(key.WithPreferredFormat(MLKemPrivateKeyParameters.Format.EncodingOnly)),
            Encode(key.WithPreferredFormat(MLKemPrivateKeyParameters.Format.SeedAndEncoding)),
        ],
        _ => throw new ArgumentException("The key is of another kind.", nameof(pkcs8)),
    };

    private static byte[] Encode(Org.BouncyCastle.Crypto.AsymmetricKeyParameter key) => PrivateKeyInfoFactory.CreatePrivateKeyInfo(key).GetDerEncoded();

    private static (byte[] Seed, byte[] Expanded) Parts(byte[] pkcs8)
    {
        var fields = new AsnReader(pkcs8, AsnEncodingRules.DER).ReadSequence();
        fields.ReadInteger();
        fields.ReadSequence();
        var key = new AsnReader(fields.ReadOctetString(), AsnEncodingRules.DER);
        if (key.PeekTag().HasSameClassAndValue(Asn1Tag.PrimitiveOctetString))
        {
            return ([], key.ReadOctetString());
        }

        var both = key.ReadSequence();
        return (both.ReadOctetString(), both.ReadOctetString());
    }

    private static byte[] Both(ModernKind kind, byte[] seed, byte[] expanded)
    {
        var oid = kind >= ModernKind.MlKem512
            ? $"2.16.840.1.101.3.4.4.{1 + kind - ModernKind.MlKem512}"
            : $"2.16.840.1.101.3.4.3.{17 + kind - ModernKind.MlDsa44}";
        var inner = new AsnWriter(AsnEncodingRules.DER);
        using (inner.PushSequence())
        {
            inner.WriteOctetString(seed);
            inner.WriteOctetString(expanded);
        }

        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(0);
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier(oid);
            }

            writer.WriteOctetString(inner.Encode());
        }

        return writer.Encode();
    }

    private static byte[] Changed(byte[] octets, int at)
    {
        var changed = octets.ToArray();
        changed[at] ^= 1;
        return changed;
    }
}
