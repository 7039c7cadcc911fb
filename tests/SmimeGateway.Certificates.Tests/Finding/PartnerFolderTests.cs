using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using SmimeGateway.Certificates.Finding;
using SmimeGateway.TestSupport;
using Xunit.Abstractions;

namespace SmimeGateway.Certificates.Tests.Finding;

public sealed class PartnerFolderTests(ITestOutputHelper output) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task All_kinds_of_files_are_read_whatever_their_names_say()
    {
        File.WriteAllBytes(_folder["a.cer"], Der("a@example.com"));
        File.WriteAllText(_folder["b.cer"], TestPki.MakeCertificatePem(TestPki.Issue("b@example.com")));
        File.WriteAllBytes(_folder["c.der"], Der("c@example.com"));
        File.WriteAllText(_folder["d.CRT"], "Friendly text\n" + TestPki.MakeCertificatePem([TestPki.Issue("d@example.com"), .. TestPki.Chain]));
        File.WriteAllBytes(_folder["e.p7b"], MakePkcs7(TestPki.Issue("e1@example.com"), TestPki.Issue("e2@example.com")));
        File.WriteAllText(_folder["f.p7c"], Armor("PKCS7", MakePkcs7(TestPki.Issue("f@example.com"))));
        File.WriteAllText(_folder["g.p7b"], Convert.ToBase64String(MakePkcs7(TestPki.Issue("g@example.com")), Base64FormattingOptions.InsertLineBreaks));
        File.WriteAllBytes(_folder["h.sst"], MakeStore(Der("h1@example.com"), Der("h2@example.com")));
        File.WriteAllText(_folder["i.der"], Convert.ToBase64String(Der("i@example.com")));
        File.WriteAllBytes(_folder["j.pfx"], Der("j@example.com"));
        File.WriteAllText(_folder["notes.txt"], "not a certificate");

        await using var source = Open();

        source.Problems.ShouldBeEmpty();
        Addresses(source).ShouldBe([
            "a@example.com", "b@example.com", "c@example.com", "d@example.com", "e1@example.com", "e2@example.com", "f@example.com",
            "g@example.com", "h1@example.com", "h2@example.com", "i@example.com", "j@example.com"]);
        source.All.ShouldAllBe(partner => !partner.Certificate.HasPrivateKey && partner.Source == "partners" && !partner.IsVouchedFor);
        (await source.FindAsync("D@EXAMPLE.com", default)).ShouldHaveSingleItem().Location.ShouldBe(_folder["d.CRT"]);
    }

    [Fact]
    public async Task A_private_key_beside_a_certificate_is_passed_over()
    {
        TestPki.WritePem(_folder["a.pem"], TestPki.Issue("a@example.com"));

        await using var source = Open();

        source.Problems.ShouldBeEmpty();
        source.All.ShouldHaveSingleItem().Certificate.HasPrivateKey.ShouldBeFalse();
    }

    [Fact]
    public async Task A_self_signed_certificate_that_calls_itself_an_authority_is_its_owners_all_the_same()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=Bob", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(TestPki.MakeAlternativeName("bob@example.com"));
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        File.WriteAllText(_folder["bob.crt"], request.CreateSelfSigned(TestPki.NotBefore, TestPki.NotAfter).ExportCertificatePem());

        await using var source = Open();

        (await source.FindAsync("bob@example.com", default)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task The_issuers_in_any_file_become_companions()
    {
        File.WriteAllBytes(_folder["a.cer"], Der("a@example.com"));
        File.WriteAllText(_folder["z.pem"], TestPki.MakeCertificatePem(TestPki.Chain));

        await using var source = Open();

        source.All.ShouldHaveSingleItem().Companions.Select(companion => companion.Thumbprint).ShouldBe(TestPki.Chain.Select(above => above.Thumbprint));
    }

    [Fact]
    public async Task Of_a_PKCS12_file_only_the_certificates_are_read()
    {
        TestPki.WriteP12(_folder["open.pfx"], "", TestPki.Issue("open@example.com"));
        TestPki.WriteP12(_folder["own.p12"], "own", TestPki.Issue("own@example.com"));
        File.WriteAllText(_folder["own.password"], "own\n");

        await using var source = Open();

        source.Problems.ShouldBeEmpty();
        Addresses(source).ShouldBe(["open@example.com", "own@example.com"]);
        source.All.ShouldAllBe(partner => !partner.Certificate.HasPrivateKey);
    }

    [Fact]
    public async Task A_PKCS12_file_whose_password_is_not_known_tells_the_remedy()
    {
        TestPki.WriteP12(_folder["locked.pfx"], "unknown", TestPki.Issue("locked@example.com"));

        await using var source = Open();

        source.All.ShouldBeEmpty();
        var problem = source.Problems.ShouldHaveSingleItem();
        problem.Reason.ShouldBe("it needs a password");
        problem.Remedy.ShouldStartWith("Put its password into locked.password beside it");
    }

    [Fact]
    public async Task A_dropped_file_is_noticed_at_once_and_told_when_it_can_be_found()
    {
        await using var source = PartnerFolder.Open("partners", _folder.Path, false, TimeProvider.System);
        var found = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        source.OnArrival(() => found.TrySetResult(source.All.Count));

        // Moved into place, as programs do that write carefully.
        File.WriteAllBytes(_folder["new.tmp"], Der("new@example.com"));
        File.Move(_folder["new.tmp"], _folder["new.cer"]);
        var dropped = TimeProvider.System.GetTimestamp();

        (await found.Task.WaitAsync(TimeSpan.FromSeconds(20))).ShouldBe(1);
        Report(dropped, "a dropped file was noticed");
        (await source.FindAsync("new@example.com", default)).Count.ShouldBe(1);
    }

    /// <summary>CERTIFICATES=10000 shows what a large company has.</summary>
    [Fact]
    public async Task Thousands_of_files_are_read_and_one_more_is_noticed()
    {
        var count = int.Parse(Environment.GetEnvironmentVariable("CERTIFICATES") ?? "1000", CultureInfo.InvariantCulture);
        byte[][] some = [.. Enumerable.Range(0, 20).Select(i => Der($"user{i}@example.com"))];
        for (var i = 0; i < count; i++)
        {
            File.WriteAllBytes(_folder[$"{i}.cer"], some[i % some.Length]);
        }

        var began = TimeProvider.System.GetTimestamp();
        await using var source = PartnerFolder.Open("partners", _folder.Path, false, TimeProvider.System);
        Report(began, $"{count} files were read");
        source.All.Count.ShouldBe(count);

        began = TimeProvider.System.GetTimestamp();
        File.WriteAllBytes(_folder["new.cer"], Der("new@example.com"));
        await Eventually.TrueAsync(async () => (await source.FindAsync("new@example.com", default)).Count == 1);
        Report(began, "one more was noticed");
    }

    [Fact]
    public async Task The_capabilities_in_a_certificate_are_kept()
    {
        byte[] capabilities = [0x30, 0x0D, 0x30, 0x0B, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01, 0x2A];
        var certificate = TestPki.IssueWith(
            new X500DistinguishedName("E=cap@example.com"), KeyKind.Rsa2048, new X509Extension("1.2.840.113549.1.9.15", capabilities, false));
        File.WriteAllBytes(_folder["a.cer"], certificate.RawData);
        File.WriteAllBytes(_folder["b.cer"], Der("none@example.com"));

        await using var source = Open();

        source.All[0].Capabilities.ToArray().ShouldBe(capabilities);
        source.All[1].Capabilities.IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public async Task What_is_vouched_for_says_so()
    {
        File.WriteAllBytes(_folder["a.cer"], Der("a@example.com"));

        await using var source = PartnerFolder.Open("partners", _folder.Path, isVouchedFor: true, new ManualTimeProvider(TestPki.Now));

        source.All.ShouldHaveSingleItem().IsVouchedFor.ShouldBeTrue();
    }

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task A_broken_file_is_a_problem_and_takes_nothing_else_away(string name, byte[] content, int readable)
    {
        File.WriteAllBytes(_folder[name], content);
        File.WriteAllBytes(_folder["good.cer"], Der("good@example.com"));

        await using var source = Open();

        source.Problems.ShouldHaveSingleItem().Location.ShouldBe(_folder[name]);
        source.All.Count.ShouldBe(1 + readable);
    }

    public static TheoryData<string, byte[], int> Broken()
    {
        var der = Der("x@example.com");
        var pkcs7 = MakePkcs7(TestPki.Issue("x@example.com"), TestPki.Issue("y@example.com"));
        var store = MakeStore(der, der);
        var hugeLength = store.ToArray();
        BinaryPrimitives.WriteUInt32LittleEndian(hugeLength.AsSpan(16), uint.MaxValue);
        return new TheoryData<string, byte[], int>
        {
            { "empty.cer", [], 0 },
            { "text.cer", Encoding.ASCII.GetBytes("this is no certificate"), 0 },
            { "half.cer", der[..(der.Length / 2)], 0 },
            { "half.p7b", pkcs7[..(pkcs7.Length / 2)], 0 },
            { "half.sst", store[..(der.Length + 60)], 1 },
            { "length.sst", hugeLength, 0 },
            { "header.sst", store[..8], 0 },
            { "damaged.sst", MakeStore(der, [1, 2, 3]), 1 },
            { "base64.pem", Encoding.ASCII.GetBytes("-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n"), 0 },
            { "garbage.pem", Encoding.ASCII.GetBytes(Armor("CERTIFICATE", [0x30, 0x84, 0xFF, 0xFF, 0xFF, 0xFF]) + Armor("CERTIFICATE", der)), 1 },
            { "nobody.p7b", MakePkcs7(), 0 },
            { "damaged.pfx", [0x30, 0x03, 0x02, 0x01, 0x03], 0 },
            { "random.der", [.. Enumerable.Range(0, 5000).Select(i => (byte)(i * 31 % 251))], 0 },
        };
    }

    private void Report(long began, string what)
        => output.WriteLine($"{what} after {TimeProvider.System.GetElapsedTime(began).TotalMilliseconds:0} ms");

    private static byte[] Der(string address) => TestPki.Issue(address).RawData;

    private static byte[] MakePkcs7(params X509Certificate2[] certificates)
        => new X509Certificate2Collection(certificates.Select(TestPki.Public).ToArray()).Export(X509ContentType.Pkcs7)!;

    private static string Armor(string label, byte[] content)
        => $"-----BEGIN {label}-----\n{Convert.ToBase64String(content, Base64FormattingOptions.InsertLineBreaks)}\n-----END {label}-----\n";

    // As Windows writes it: properties that describe a certificate come before it, here a friendly name (11).
    private static byte[] MakeStore(params byte[][] certificates)
    {
        var store = new List<byte>([0, 0, 0, 0, (byte)'C', (byte)'E', (byte)'R', (byte)'T']);
        foreach (var certificate in certificates)
        {
            AddEntry(11, Encoding.Unicode.GetBytes("A friend\0"));
            AddEntry(32, certificate);
        }

        store.AddRange(new byte[12]);
        return [.. store];

        void AddEntry(uint property, byte[] value)
        {
            var head = new byte[12];
            BinaryPrimitives.WriteUInt32LittleEndian(head, property);
            BinaryPrimitives.WriteUInt32LittleEndian(head.AsSpan(4), 1);
            BinaryPrimitives.WriteUInt32LittleEndian(head.AsSpan(8), (uint)value.Length);
            store.AddRange(head);
            store.AddRange(value);
        }
    }

    private static IEnumerable<string> Addresses(PartnerFolder source) => source.All.SelectMany(partner => partner.Traits.Addresses).Order(StringComparer.Ordinal);

    private PartnerFolder Open() => PartnerFolder.Open("partners", _folder.Path, isVouchedFor: false, new ManualTimeProvider(TestPki.Now));
}
