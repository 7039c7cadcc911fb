using SmimeGateway.Cms.Tests.Interop;
using SmimeGateway.TestSupport;
using SmimeGateway.TestSupport.Modern;

namespace SmimeGateway.Cms.Tests.Modern;

/// <summary>Who verifies signatures of the modern kinds: the published table, and each program's own verdict.</summary>
[Collection(Judges.Collection)]
public sealed class ModernReadersTests(Judges judges)
{
    private const string Java = "Bouncy Castle (Java)";
    private const string GnuTls = "GnuTLS (certtool)";

    private static readonly ModernKind[] Signing = [ModernKind.Ed25519, ModernKind.Ed448, ModernKind.MlDsa44, ModernKind.MlDsa65, ModernKind.MlDsa87];

    private static readonly (string Reader, ModernKind[] Reads)[] Expected =
    [
        ("OpenSSL", []),
        (Java, [ModernKind.Ed25519, ModernKind.Ed448]),
        (GnuTls, [ModernKind.Ed25519]),
        ("GnuPG (gpgsm)", []),
        ("NSS (Thunderbird)", []),
        (".NET SignedCms", []),
    ];

    public static TheoryData<ModernKind> Kinds => [.. Signing];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Each_program_says_what_the_table_says(ModernKind kind)
    {
        var alice = Identities.Get(kind);
        var cms = alice.SignDetached(Some.Content, new SignerOptions { Chain = TestPki.Chain });
        var said = new List<(string, bool)>();

        foreach (var (reader, _) in Expected)
        {
            said.Add((reader, reader switch
            {
                Java => await Foreign.JavaVerifiesAsync(alice, cms, Some.Content),
                GnuTls => (await Foreign.GnuTlsJudgesAsync(TestPki.Root.ExportCertificatePem(), cms, Some.Content)).IsGood,
                _ => (await judges.All.Single(judge => judge.Name == reader).JudgeAsync(cms, Some.Content)).IsGood,
            }));
        }

        said.ShouldBe(Expected.Select(row => (row.Reader, row.Reads.Contains(kind))));
    }

    [Fact]
    public void The_published_table_is_this_one()
    {
        var published = File.ReadAllText(Path.Combine(Repository.Root, "docs", "interoperability.md"));
        string[] lines =
        [
            $"| signed with | {string.Join(" | ", Expected.Select(row => row.Reader))} |",
            "|---" + string.Concat(Expected.Select(_ => "|---")) + "|",
            .. Signing.Select(kind => $"| {ModernIdentity.NameOf(kind)} | {string.Join(" | ", Expected.Select(row => row.Reads.Contains(kind) ? "yes" : "no"))} |"),
        ];

        published.ShouldContain(string.Join('\n', lines));
    }
}
