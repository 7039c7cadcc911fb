using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using SmimeGateway.Certificates.Finding.Formats;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Certificates.Tests.Finding;

public sealed class Pkcs12ReaderTests
{
    [Theory]
    [InlineData("alice", "RSA 2048", "RSA 2048")]
    [InlineData("bob", "RSA 2048", "RSA 2048")]
    [InlineData("carlos", "Ed25519", "X25519")]
    [InlineData("dana", "Ed25519", "X25519")]
    public void The_identities_of_the_standard_open(string owner, string signing, string encryption)
    {
        if (Find("rfc9216", owner + ".p12") is not { } file)
        {
            return;
        }

        var reading = Pkcs12Reader.Read("test", file, File.ReadAllBytes(file), owner, FileNaming.Source);

        reading.Problems.ShouldBeEmpty();
        reading.Held.Select(own => own.KeyFault).ShouldAllBe(fault => fault == null);
        reading.Held.Select(own => own.Traits.KeyAlgorithm).ShouldBe([signing, encryption], ignoreOrder: true);
        reading.Held.ShouldAllBe(own => own.Traits.Addresses.Any(address => address.StartsWith(owner + "@")));
    }

    [Theory]
    [InlineData("Alice")]
    [InlineData("Bob")]
    [InlineData("Dave")]
    [InlineData("Eve")]
    [InlineData("Fran")]
    [InlineData("Alice-ec")]
    [InlineData("Fran-ec")]
    public void The_files_of_thunderbird_open(string owner)
    {
        if (Find("thunderbird-smime", owner + ".p12") is not { } file)
        {
            return;
        }

        var own = Pkcs12Reader.Read("test", file, File.ReadAllBytes(file), "nss", FileNaming.Source).Held.ShouldHaveSingleItem();

        own.KeyFault.ShouldBeNull();
        own.Traits.HasAddress(owner + "@example.com").ShouldBeTrue();
    }

    [Fact]
    public void Odd_files_are_problems_with_a_remedy()
    {
        if (Corpora.Folder("cms/80-test_pkcs12_data") is not { } folder)
        {
            Console.WriteLine("Skipped: ../shared/corpora/cms/80-test_pkcs12_data is not there.");
            return;
        }

        foreach (var file in Directory.GetFiles(folder, "*.p12"))
        {
            foreach (var password in new[] { "1234", "", null })
            {
                var reading = Pkcs12Reader.Read("test", file, File.ReadAllBytes(file), password, FileNaming.Source);

                reading.Problems.ShouldNotBeEmpty(file);
                reading.Problems.ShouldAllBe(problem => problem.Reason.Length > 0 && problem.Remedy.Length > 0);
            }
        }
    }

    [Theory]
    [InlineData("-certpbe PBE-SHA1-RC2-40 -keypbe PBE-SHA1-3DES -macalg sha1")]
    [InlineData("-certpbe PBE-SHA1-3DES -keypbe PBE-SHA1-3DES -macalg sha1")]
    [InlineData("-certpbe PBE-SHA1-RC2-128 -keypbe PBE-SHA1-RC2-128 -macalg sha1")]
    [InlineData("-certpbe AES-256-CBC -keypbe AES-256-CBC -macalg sha256")]
    [InlineData("-certpbe AES-128-CBC -keypbe AES-128-CBC -macalg sha512 -iter 100000")]
    [InlineData("-certpbe NONE -keypbe NONE")]
    [InlineData("-nomac")]
    public async Task Old_and_new_protection_by_openssl_opens(string options)
    {
        var file = await Export(options);

        var own = Pkcs12Reader.Read("test", file.Name, file.Content, "pw", FileNaming.Source).Held.ShouldHaveSingleItem();

        own.KeyFault.ShouldBeNull();
        own.Certificate.HasPrivateKey.ShouldBeTrue();
    }

    [Theory]
    [InlineData("-certpbe PBE-SHA1-RC4-128 -keypbe PBE-SHA1-RC4-128 -macalg sha1")]
    [InlineData("-iter 2000001")]
    public async Task Protection_that_is_not_supported_names_the_remedy(string options)
    {
        var file = await Export(options);

        var reading = Pkcs12Reader.Read("test", file.Name, file.Content, "pw", FileNaming.Source);

        reading.Held.ShouldBeEmpty();
        reading.Problems.ShouldHaveSingleItem().Remedy.ShouldContain("openssl pkcs12 -legacy -in OLD -nodes | openssl pkcs12 -export -out NEW");
    }

    [Fact]
    public async Task A_file_without_keys_is_a_problem()
    {
        var file = await Export("-nokeys");

        var problem = Pkcs12Reader.Read("test", file.Name, file.Content, "pw", FileNaming.Source).Problems.ShouldHaveSingleItem();

        // Whose key was left out wanted to sign: his mail waits for it.
        problem.Reason.ShouldMatch("^the private key of .* is missing$");
        problem.Conceals.ShouldBeTrue();
    }

    [Fact]
    public void A_file_cut_anywhere_is_a_problem_and_no_exception()
    {
        var whole = TestPki.MakeP12("pw", TestPki.Issue("alice@example.com", KeyKind.EcP256));

        for (var length = 0; length < whole.Length; length += 7)
        {
            Pkcs12Reader.Read("test", "cut", whole.AsMemory(0, length), "pw", FileNaming.Source).Problems.ShouldNotBeEmpty();
        }
    }

    [Fact]
    public void Thousands_of_certificates_open_before_their_keys()
    {
        var certificates = Enumerable.Range(0, 300).Select(i => TestPki.Issue($"user{i}@example.com", KeyKind.EcP256)).ToArray();
        var file = TestPki.MakeP12("pw", certificates);

        var reading = Pkcs12Reader.Read("test", "many", file, "pw", FileNaming.Source);

        reading.Held.Count.ShouldBe(300);
        reading.Held[299].KeyFault.ShouldBeNull();
    }

    [Theory]
    [InlineData(3, 3)]
    [InlineData(150, 100)]
    public void Keys_without_identifiers_are_compared_up_to_a_limit(int count, int paired)
    {
        var certificates = new Pkcs12SafeContents();
        var keys = new Pkcs12SafeContents();
        for (var i = 0; i < count; i++)
        {
            var own = TestPki.Issue($"user{i}@example.com", KeyKind.EcP256, keyOwner: $"pkcs12-{i}");
            certificates.AddCertificate(TestPki.Public(own));
            using var key = own.GetECDsaPrivateKey()!;
            keys.AddKeyUnencrypted(key);
        }

        var builder = new Pkcs12Builder();
        builder.AddSafeContentsUnencrypted(keys);
        builder.AddSafeContentsUnencrypted(certificates);
        builder.SealWithMac("pw", HashAlgorithmName.SHA256, 1000);

        var reading = Pkcs12Reader.Read("test", "bare", builder.Encode(), "pw", FileNaming.Source);

        reading.Held.Count.ShouldBe(paired);
        reading.Held.ShouldAllBe(own => own.KeyFault == null);
        reading.Problems.Count.ShouldBe(count == paired ? 0 : 1);
    }

    private static async Task<(string Name, byte[] Content)> Export(string options)
    {
        using var folder = new TemporaryFolder();
        TestPki.WritePem(folder["in.pem"], TestPki.Issue("alice@example.com"));
        await Tool.MustAsync("openssl", ["pkcs12", "-export", "-legacy", "-in", folder["in.pem"], "-out", folder["out.p12"], "-passout", "pass:pw", .. options.Split(' ')]);
        return ("out.p12", File.ReadAllBytes(folder["out.p12"]));
    }

    private static string? Find(string corpus, string file)
    {
        if (Corpora.Folder(corpus) is { } folder)
        {
            return Path.Combine(folder, file);
        }

        Console.WriteLine($"Skipped: ../shared/corpora/{corpus} is not there.");
        return null;
    }
}
