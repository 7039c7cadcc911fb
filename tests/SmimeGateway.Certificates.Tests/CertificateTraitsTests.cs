using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SmimeGateway.TestSupport;
using SmimeGateway.TestSupport.Modern;

namespace SmimeGateway.Certificates.Tests;

public sealed class CertificateTraitsTests
{
    [Theory]
    [InlineData(KeyKind.Rsa2048, "RSA 2048")]
    [InlineData(KeyKind.Rsa3072, "RSA 3072")]
    [InlineData(KeyKind.EcP256, "ECDSA P-256")]
    [InlineData(KeyKind.EcP384, "ECDSA P-384")]
    [InlineData(KeyKind.EcP521, "ECDSA P-521")]
    public void Everything_mail_needs_is_read(KeyKind kind, string algorithm)
    {
        var certificate = TestPki.Issue("alice@example.com", kind);

        var traits = CertificateTraits.Read(certificate);

        traits.Fault.ShouldBeNull();
        traits.KeyAlgorithm.ShouldBe(algorithm);
        traits.Addresses.ShouldBe(["alice@example.com"]);
        traits.NotBefore.ShouldBe(TestPki.NotBefore);
        traits.NotAfter.ShouldBe(TestPki.NotAfter);
        traits.AllowsSigning.ShouldBeTrue();
        traits.AllowsEncryption.ShouldBeTrue();
        traits.IsAuthority.ShouldBeFalse();
        traits.Thumbprint.ShouldBe(certificate.Thumbprint);
        traits.Issuer.ShouldContain("Test Intermediate");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_certificate_of_an_authority_for_another_of_its_keys_is_not_signed_by_itself(bool withIdentifiers)
    {
        var (older, newer) = (new TestAuthority("Renewed"), new TestAuthority("Renewed"));

        CertificateTraits.Read(newer.Certify(newer, withIdentifiers: withIdentifiers)).IsSelfSigned.ShouldBeTrue();
        CertificateTraits.Read(older.Certify(newer, withIdentifiers: withIdentifiers)).IsSelfSigned.ShouldBeFalse();
        CertificateTraits.Read(new TestAuthority("Other").Certify(newer, withIdentifiers: withIdentifiers)).IsSelfSigned.ShouldBeFalse();
    }

    [Fact]
    public void Authorities_of_all_kinds_of_keys_are_signed_by_themselves()
    {
        foreach (var curve in new[] { ECCurve.NamedCurves.nistP256, ECCurve.NamedCurves.nistP384, ECCurve.NamedCurves.nistP521 })
        {
            using var key = ECDsa.Create(curve);
            foreach (var digest in new[] { HashAlgorithmName.SHA256, HashAlgorithmName.SHA384, HashAlgorithmName.SHA512 })
            {
                using var root = new CertificateRequest("CN=Root", key, digest).CreateSelfSigned(TestPki.NotBefore, TestPki.NotAfter);
                CertificateTraits.Read(root).IsSelfSigned.ShouldBeTrue($"{curve.Oid.FriendlyName} {digest}");
            }
        }

        foreach (var root in TestPki.Chain)
        {
            CertificateTraits.Read(root).IsSelfSigned.ShouldBe(root.Subject == root.Issuer);
        }
    }

    [Fact]
    public void Traits_are_read_once()
    {
        var certificate = TestPki.Issue("alice@example.com");

        CertificateTraits.Read(certificate).ShouldBeSameAs(CertificateTraits.Read(certificate));
    }

    [Theory]
    [InlineData(TestUsage.SigningAndEncryption, true, true)]
    [InlineData(TestUsage.SigningOnly, true, false)]
    [InlineData(TestUsage.EncryptionOnly, false, true)]
    [InlineData(TestUsage.TlsServer, false, false)]
    [InlineData(TestUsage.Unstated, true, true)]
    public void Usages_are_judged_for_mail(TestUsage usage, bool signing, bool encryption)
    {
        foreach (var kind in new[] { KeyKind.Rsa2048, KeyKind.EcP256 })
        {
            var traits = CertificateTraits.Read(TestPki.Issue("alice@example.com", kind, usage));

            (traits.AllowsSigning, traits.AllowsEncryption).ShouldBe((signing, encryption));
        }
    }

    [Fact]
    public void The_address_is_compared_ignoring_case_and_the_form_of_the_domain()
    {
        var traits = CertificateTraits.Read(TestPki.Issue("alice@xn--exmple-cua.com"));

        traits.HasAddress("Alice@EXÄMPLE.com").ShouldBeTrue();
        traits.HasAddress("bob@exämple.com").ShouldBeFalse();
        traits.HasAddress("nonsense").ShouldBeFalse();
    }

    [Fact]
    public void An_address_in_unicode_is_found()
    {
        var traits = CertificateTraits.Read(TestPki.Issue("älice@exämple.com"));

        traits.Addresses.ShouldBe(["älice@exämple.com"]);
        traits.HasAddress("älice@xn--exmple-cua.com").ShouldBeTrue();
    }

    [Fact]
    public void An_address_in_the_subject_alone_is_found()
    {
        var name = new X500DistinguishedNameBuilder();
        name.AddEmailAddress("Old@example.com");

        var traits = CertificateTraits.Read(TestPki.IssueWith(name.Build(), KeyKind.EcP256));

        traits.HasAddress("old@example.com").ShouldBeTrue();
    }

    [Fact]
    public void Several_addresses_are_found_each_once()
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddEmailAddress("first@example.com");
        names.AddDnsName("example.com");
        names.AddEmailAddress("second@example.com");
        names.AddEmailAddress("FIRST@example.com");

        var traits = CertificateTraits.Read(TestPki.IssueWith(Name("x"), KeyKind.EcP256, names.Build()));

        traits.Addresses.ShouldBe(["first@example.com", "second@example.com"]);
    }

    [Fact]
    public void A_name_with_a_nul_or_a_line_end_names_nobody()
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddEmailAddress("alice@example.com\0.evil.example");
        names.AddEmailAddress("alice@example.com\r\nBcc: x");
        names.AddEmailAddress("good@example.com");

        var traits = CertificateTraits.Read(TestPki.IssueWith(Name("x"), KeyKind.EcP256, names.Build()));

        traits.Addresses.ShouldBe(["good@example.com"]);
    }

    [Fact]
    public void Control_characters_of_a_name_do_not_reach_the_log()
    {
        var traits = CertificateTraits.Read(TestPki.IssueWith(Name("evil\r\nlevel=fatal"), KeyKind.EcP256));

        traits.Subject.ShouldNotContain('\r');
        traits.Subject.ShouldNotContain('\n');
    }

    [Fact]
    public void Thousands_of_names_are_refused()
    {
        var names = new SubjectAlternativeNameBuilder();
        for (var i = 0; i < 1200; i++)
        {
            names.AddEmailAddress($"a{i}@example.com");
        }

        var traits = CertificateTraits.Read(TestPki.IssueWith(Name("x"), KeyKind.EcP256, names.Build()));

        traits.Fault.ShouldBe("it holds more than 1000 names");
    }

    [Theory]
    [InlineData("2.5.29.17")]
    [InlineData("2.5.29.15")]
    [InlineData("2.5.29.37")]
    [InlineData("2.5.29.19")]
    public void A_malformed_extension_is_a_fault_and_no_exception(string identifier)
    {
        var malformed = new X509Extension(identifier, [0x30, 0x84, 0x7F, 0xFF, 0xFF, 0xFF], critical: true);

        var key = (ECDsa)TestKeys.Get(KeyKind.EcP256);
        var request = new CertificateRequest(Name("x"), key, HashAlgorithmName.SHA256) { CertificateExtensions = { malformed } };
        var certificate = request.Create(Name("x"), X509SignatureGenerator.CreateForECDsa(key), TestPki.NotBefore, TestPki.NotAfter, [1]);

        var traits = CertificateTraits.Read(certificate);

        traits.Fault.ShouldNotBeNull();
        traits.AllowsSigning.ShouldBeFalse();
    }

    [Fact]
    public void An_extension_that_stands_there_twice_is_a_fault_whichever_it_is_and_whatever_the_second_says()
    {
        using var issued = TestPki.Issue("alice@example.com");
        string[] identifiers = [.. issued.Extensions.Select(extension => extension.Oid!.Value!).Where(identifier => identifier.StartsWith("2.5.29.", StringComparison.Ordinal))];
        identifiers.Length.ShouldBeGreaterThan(2);
        for (var second = 1; second < identifiers.Length; second++)
        {
            foreach (var first in identifiers[..second])
            {
                using var twice = Renamed(issued, identifiers[second], first);

                CertificateTraits.Read(twice).Fault.ShouldBe($"the extension {first} stands in it twice");
            }
        }

        static X509Certificate2 Renamed(X509Certificate2 certificate, string identifier, string other)
        {
            var bytes = certificate.RawData;
            var at = bytes.AsSpan().IndexOf(Encode(identifier));
            Encode(other).CopyTo(bytes, at);
            return X509CertificateLoader.LoadCertificate(bytes);
        }

        // 2.5.29 and one octet more.
        static byte[] Encode(string identifier) => [6, 3, 0x55, 0x1D, byte.Parse(identifier.Split('.')[^1], null)];
    }

    [Fact]
    public void A_small_rsa_key_is_refused()
    {
        using var small = RSA.Create(512);
        var request = new CertificateRequest("CN=x", small, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);

        var traits = CertificateTraits.Read(request.CreateSelfSigned(TestPki.NotBefore, TestPki.NotAfter));

        traits.Fault.ShouldBe("its RSA key of 512 bits is too short");
    }

    [Fact]
    public async Task A_curve_that_is_not_named_is_refused()
    {
        var made = await Tool.MustAsync(
            "openssl",
            ["req", "-x509", "-nodes", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-pkeyopt", "ec_param_enc:explicit", "-subj", "/CN=x", "-keyout", "/dev/null"]);

        var traits = CertificateTraits.Read(X509Certificate2.CreateFromPem(made.Output));

        traits.Fault.ShouldBe("its key algorithm is not supported: ECDSA without a named curve");
    }

    [Fact]
    public void Days_are_counted_whole_and_negative_after_the_end()
    {
        var traits = CertificateTraits.Read(TestPki.Issue("alice@example.com", notAfter: TestPki.Now.AddDays(10)));

        traits.DaysLeft(TestPki.Now).ShouldBe(10);
        traits.DaysLeft(TestPki.Now.AddHours(1)).ShouldBe(9);
        traits.DaysLeft(TestPki.Now.AddDays(10.5)).ShouldBe(-1);
        traits.IsValidAt(TestPki.Now).ShouldBeTrue();
        traits.IsValidAt(TestPki.Now.AddDays(11)).ShouldBeFalse();
    }

    [Theory]
    [InlineData("ascii_leaf.pem")]
    [InlineData("utf8_leaf.pem")]
    public void Internationalized_names_made_by_others_are_found(string file)
    {
        if (Corpora.Folder("cms/25-test_eai_data") is not { } folder)
        {
            Console.WriteLine("Skipped: ../shared/corpora/cms/25-test_eai_data is not there.");
            return;
        }

        var traits = CertificateTraits.Read(X509CertificateLoader.LoadCertificateFromFile(Path.Combine(folder, file)));

        traits.Fault.ShouldBeNull();
        traits.Addresses.ShouldNotBeEmpty();
        traits.HasAddress(traits.Addresses[0]).ShouldBeTrue();
        traits.Addresses[0].ShouldContain(file[0] == 'a' ? "学生@elementary.school.example.com" : "医生@大学.example.com");
    }

    [Theory]
    [InlineData("carlos.sign.crt", "Ed25519", true)]
    [InlineData("carlos.encrypt.crt", "X25519", false)]
    public void A_key_the_framework_has_no_algorithm_for_does_what_its_kind_can(string file, string algorithm, bool signs)
    {
        if (Corpora.Folder("rfc9216") is not { } folder)
        {
            Console.WriteLine("Skipped: ../shared/corpora/rfc9216 is not there.");
            return;
        }

        var traits = CertificateTraits.Read(X509CertificateLoader.LoadCertificateFromFile(Path.Combine(folder, file)));

        traits.Fault.ShouldBeNull();
        (traits.KeyAlgorithm, traits.AllowsSigning, traits.AllowsEncryption).ShouldBe((algorithm, signs, !signs));
    }

    [Theory]
    [InlineData(ModernKind.Ed25519, true, X509KeyUsageFlags.None)]
    [InlineData(ModernKind.Ed448, true, X509KeyUsageFlags.None)]
    [InlineData(ModernKind.X25519, false, X509KeyUsageFlags.KeyAgreement)]
    [InlineData(ModernKind.X448, false, X509KeyUsageFlags.KeyAgreement)]
    [InlineData(ModernKind.MlDsa44, true, X509KeyUsageFlags.None)]
    [InlineData(ModernKind.MlDsa87, true, X509KeyUsageFlags.None)]
    [InlineData(ModernKind.MlKem512, false, X509KeyUsageFlags.KeyEncipherment)]
    [InlineData(ModernKind.MlKem1024, false, X509KeyUsageFlags.KeyEncipherment)]
    public void A_key_usage_allows_nothing_that_a_kind_of_key_cannot_do(ModernKind kind, bool signs, X509KeyUsageFlags encryption)
    {
        var info = ModernIdentity.Issue("alice@example.com", kind).Certificate.PublicKey.ExportSubjectPublicKeyInfo();
        var usages = new[]
        {
            X509KeyUsageFlags.DigitalSignature, X509KeyUsageFlags.NonRepudiation, X509KeyUsageFlags.KeyEncipherment, X509KeyUsageFlags.KeyAgreement,
            X509KeyUsageFlags.DataEncipherment, X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment | X509KeyUsageFlags.KeyAgreement,
        };

        foreach (var usage in usages)
        {
            var traits = CertificateTraits.Read(ModernIdentity.IssueFor("alice@example.com", info, usage));

            traits.Fault.ShouldBeNull();
            traits.AllowsSigning.ShouldBe(signs && (usage & (X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.NonRepudiation)) != 0, usage.ToString());
            traits.AllowsEncryption.ShouldBe((usage & encryption) != 0, usage.ToString());
        }
    }

    [Theory]
    [InlineData("1.2.840.113549.1.1.10", 2048, "RSASSA-PSS 2048", true, null)]
    [InlineData("1.2.840.113549.1.1.7", 2048, "RSAES-OAEP 2048", false, null)]
    [InlineData("1.2.840.113549.1.1.10", 512, "RSASSA-PSS 512", true, "its RSA key of 512 bits is too short")]
    [InlineData("1.2.840.113549.1.1.7", 512, "RSAES-OAEP 512", false, "its RSA key of 512 bits is too short")]
    public void An_RSA_key_for_one_thing_alone_does_that_and_is_as_long_as_others(string oid, int bits, string name, bool signs, string? fault)
    {
        var info = ModernIdentity.IssueRsa("alice@example.com", oid, bits: bits).Certificate.PublicKey.ExportSubjectPublicKeyInfo();
        const X509KeyUsageFlags Everything = X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment | X509KeyUsageFlags.KeyAgreement;

        var traits = CertificateTraits.Read(ModernIdentity.IssueFor("alice@example.com", info, Everything));

        (traits.KeyAlgorithm, traits.Fault).ShouldBe((name, fault));
        (traits.AllowsSigning, traits.AllowsEncryption).ShouldBe(fault is null ? (signs, !signs) : (false, false));
    }

    [Theory]
    [InlineData("302a300506032b65700321", 33, "its Ed25519 key is malformed")]
    [InlineData("3028300506032b6570031f", 31, "its Ed25519 key is malformed")]
    [InlineData("302b300706032b657005000320", 32, "its Ed25519 key is malformed")]
    [InlineData("302c300706032b657005000321", 33, "its Ed25519 key is malformed")]
    public void A_key_of_another_length_or_with_parameters_is_none(string head, int length, string fault)
    {
        // The first octet of a bit string tells how many bits are left over.
        byte[] info = [.. Convert.FromHexString(head), .. Enumerable.Repeat((byte)1, length)];
        info[1] = (byte)(info.Length - 2);
        info[^length] = 0;
        var isGood = head.StartsWith("302a", StringComparison.Ordinal);

        CertificateTraits.Read(ModernIdentity.IssueFor("alice@example.com", info, X509KeyUsageFlags.DigitalSignature)).Fault.ShouldBe(isGood ? null : fault);
    }

    private static X500DistinguishedName Name(string commonName)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        using (writer.PushSetOf())
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier("2.5.4.3");
            writer.WriteCharacterString(UniversalTagNumber.UTF8String, commonName);
        }

        return new X500DistinguishedName(writer.Encode());
    }
}
