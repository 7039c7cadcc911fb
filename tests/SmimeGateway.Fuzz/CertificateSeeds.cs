using System.Text;
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
}
