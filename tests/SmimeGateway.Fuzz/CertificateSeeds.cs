using System.Security.Cryptography.X509Certificates;
using System.Text;
using SmimeGateway.Certificates.Finding.Seen;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Fuzz;

/// <summary>Good certificates and key files for mutations to start from.</summary>
internal static class CertificateSeeds
{
    private static readonly Lazy<byte[][]> MadeCertificates = new(() =>
    [
        TestPki.Issue("alice@example.com").RawData,
        TestPki.Issue("alice@example.com", KeyKind.EcP256).RawData,
        TestPki.Issue("älice@exämple.com", KeyKind.EcP384).RawData,
    ]);

    public static IReadOnlyList<byte[]> Certificates() => MadeCertificates.Value;

    public static IReadOnlyList<byte[]> KeyStores()
    {
        var seeds = new List<byte[]>
        {
            TestPki.MakeP12("pw", TestPki.Issue("alice@example.com", KeyKind.EcP256)),
            TestPki.MakeP12("pw", [TestPki.Issue("alice@example.com"), TestPki.Issue("bob@example.com", KeyKind.EcP256), .. TestPki.Chain]),
        };
        if (Corpora.Folder("cms/80-test_pkcs12_data") is { } folder)
        {
            seeds.AddRange(Directory.GetFiles(folder, "*.p12").Order(StringComparer.Ordinal).Select(File.ReadAllBytes));
        }

        return seeds;
    }

    public static IReadOnlyList<byte[]> PemFiles() =>
    [
        Encoding.ASCII.GetBytes(TestPki.MakePem(TestPki.Issue("alice@example.com"), null, TestPki.Chain)),
        Encoding.ASCII.GetBytes(TestPki.MakePem(TestPki.Issue("alice@example.com", KeyKind.EcP256), "pw")),
    ];

    public static IReadOnlyList<byte[]> PartnerFiles()
    {
        var bob = TestPki.Public(TestPki.Issue("bob@example.com"));
        var pkcs7 = new X509Certificate2Collection(TestPki.Chain.Prepend(bob).ToArray()).Export(X509ContentType.Pkcs7)!;
        byte[] length = [(byte)bob.RawData.Length, (byte)(bob.RawData.Length >> 8), 0, 0];
        var seen = new SeenRecord
        {
            Address = "bob@example.com",
            Certificate = bob,
            FirstSeen = TestPki.Now,
            Announced = TestPki.Now,
            Capabilities = new byte[] { 0x30, 0 },
        };
        return
        [
            bob.RawData,
            pkcs7,
            Encoding.ASCII.GetBytes(Convert.ToBase64String(pkcs7)),
            Encoding.ASCII.GetBytes(TestPki.MakeCertificatePem([bob, .. TestPki.Chain])),
            [0, 0, 0, 0, (byte)'C', (byte)'E', (byte)'R', (byte)'T', 11, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 65, 0, 32, 0, 0, 0, 1, 0, 0, 0, .. length, .. bob.RawData, .. new byte[12]],
            seen.Encode(),
        ];
    }
}
