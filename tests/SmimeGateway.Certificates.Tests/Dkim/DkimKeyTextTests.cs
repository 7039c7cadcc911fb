using System.Security.Cryptography;
using System.Text;
using SmimeGateway.Certificates.Dkim;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Certificates.Tests.Dkim;

public sealed class DkimKeyTextTests
{
    private static readonly RSA Rsa = (RSA)TestKeys.Get(KeyKind.Rsa2048);
    private static readonly PbeParameters Encryption = new(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000);

    public static TheoryData<string, string, string?> Texts
    {
        get
        {
            using var elliptic = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            using var small = RSA.Create(1016);
            using var large = RSA.Create(4104);
            var ed25519 = DkimKeyText.Generate(null);
            return new()
            {
                { "RSA in PKCS #8", Rsa.ExportPkcs8PrivateKeyPem(), null },
                { "RSA in PKCS #1", Rsa.ExportRSAPrivateKeyPem(), null },
                { "with text around it", "# s1 of example.com\r\n" + Rsa.ExportRSAPrivateKeyPem().ReplaceLineEndings("\r\n") + "\r\n\r\nend", null },
                { "with its public half beside it", Rsa.ExportSubjectPublicKeyInfoPem() + "\n" + Rsa.ExportPkcs8PrivateKeyPem(), null },
                { "Ed25519", ed25519, null },
                { "Ed25519 with its public half", WithPublicKey(ed25519, isRight: true), null },
                { "Ed25519 with another one's public half", WithPublicKey(ed25519, isRight: false), "do not belong together" },
                { "Ed25519 with half a seed", Pem("302C020100300506032B6570042004" + "1E" + new string('7', 60)), "damaged" },
                { "nothing", "", "no private key" },
                { "a public key", Rsa.ExportSubjectPublicKeyInfoPem(), "no private key" },
                { "two keys", Rsa.ExportPkcs8PrivateKeyPem() + "\n" + ed25519, "several private keys" },
                { "encrypted", Rsa.ExportEncryptedPkcs8PrivateKeyPem("secret", Encryption), "encrypted" },
                { "encrypted in the old way", "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAAAA\n-----END RSA PRIVATE KEY-----", "encrypted" },
                { "cut off", Rsa.ExportPkcs8PrivateKeyPem()[..900], "not whole" },
                { "no base64", "-----BEGIN PRIVATE KEY-----\n????\n-----END PRIVATE KEY-----", "damaged" },
                { "no DER", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----", "damaged" },
                { "empty DER", "-----BEGIN RSA PRIVATE KEY-----\nMAA=\n-----END RSA PRIVATE KEY-----", "damaged" },
                { "an elliptic key", elliptic.ExportPkcs8PrivateKeyPem(), "of a kind that DKIM does not know" },
                { "an elliptic key in SEC 1", elliptic.ExportECPrivateKeyPem(), "of a kind that DKIM does not know" },
                { "a short key", small.ExportPkcs8PrivateKeyPem(), "has 1016 bits" },
                { "a long key", large.ExportRSAPrivateKeyPem(), "has 4104 bits" },
                { "halves of two keys", Mixed(), "damaged" },
            };
        }
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public void A_key_is_read_or_the_reason_says_why_not_without_a_word_of_it(string what, string text, string? expected)
    {
        var isRead = DkimKeyText.TryRead(Encoding.ASCII.GetBytes(text), out var key, out var reason);

        isRead.ShouldBe(expected is null, $"{what}: {reason}");
        if (expected is not null)
        {
            reason!.ShouldContain(expected);
            text.Split('\n').Where(line => line.Length > 20 && !line.StartsWith('-')).ShouldAllBe(line => !reason!.Contains(line, StringComparison.Ordinal));
            return;
        }

        var octets = "what is signed"u8;
        var signature = key!.Sign(octets);
        key.Verify(octets, signature).ShouldBeTrue();
        key.Verify("something else"u8, signature).ShouldBeFalse();
        key.Verify(octets, signature.AsSpan(1)).ShouldBeFalse();
        key.Verify(octets, []).ShouldBeFalse();
    }

    [Theory]
    [InlineData(1024, "rsa-sha256")]
    [InlineData(2048, "rsa-sha256")]
    [InlineData(4096, "rsa-sha256")]
    [InlineData(null, "ed25519-sha256")]
    public void A_key_that_is_made_here_can_be_read(int? bits, string algorithm)
    {
        DkimKeyText.TryRead(Encoding.ASCII.GetBytes(DkimKeyText.Generate(bits)), out var key, out var reason).ShouldBeTrue(reason);

        (key!.Algorithm, key.Bits).ShouldBe((algorithm, bits ?? 256));
    }

    [Fact]
    public void The_record_holds_the_public_half_in_strings_that_fit()
    {
        DkimKeyText.TryRead(Encoding.ASCII.GetBytes(DkimKeyText.Generate(4096)), out var key, out _).ShouldBeTrue();

        var line = DkimRecord.ZoneLineOf("s1", "example.com", key);

        line.ShouldStartWith("s1._domainkey.example.com. IN TXT ( \"v=DKIM1; k=rsa; p=MII");
        var strings = line.Split('"').Where((_, i) => i % 2 == 1).ToList();
        strings.ShouldAllBe(piece => piece.Length <= 255);
        string.Concat(strings).ShouldBe(DkimRecord.TextOf(key));
        using var rsa = RSA.Create();
        rsa.ImportSubjectPublicKeyInfo(Convert.FromBase64String(DkimRecord.TextOf(key).Split("p=")[1]), out _);
        rsa.VerifyData("x"u8, key.Sign("x"u8), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).ShouldBeTrue();
    }

    private static string Pem(string hex) => PemEncoding.WriteString("PRIVATE KEY", Convert.FromHexString(hex));

    // RFC 5958: version 1, attributes none, the public half in [1].
    private static string WithPublicKey(string pem, bool isRight)
    {
        DkimKeyText.TryRead(Encoding.ASCII.GetBytes(pem), out var key, out _).ShouldBeTrue();
        var seed = Convert.FromBase64String(string.Concat(pem.Split('\n').Where(line => !line.StartsWith('-'))))[^32..];
        var half = Convert.ToHexString(key!.PublicKey.Span);
        half = isRight ? half : half[2..] + half[..2];
        return Pem($"3051020101300506032B657004220420{Convert.ToHexString(seed)}812100{half}");
    }

    private static string Mixed()
    {
        using var one = RSA.Create(2048);
        using var other = RSA.Create(2048);
        var parameters = one.ExportParameters(includePrivateParameters: true);
        var writer = new System.Formats.Asn1.AsnWriter(System.Formats.Asn1.AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(0);
            foreach (var number in new[] { other.ExportParameters(false).Modulus, parameters.Exponent, parameters.D, parameters.P, parameters.Q, parameters.DP, parameters.DQ, parameters.InverseQ })
            {
                writer.WriteIntegerUnsigned(new System.Numerics.BigInteger(number!, isUnsigned: true, isBigEndian: true).ToByteArray(isUnsigned: true, isBigEndian: true));
            }
        }

        return PemEncoding.WriteString("RSA PRIVATE KEY", writer.Encode());
    }
}
