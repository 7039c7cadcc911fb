using System.Buffers;
using SmimeGateway.Cms;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Fuzz;

/// <summary>Mutates CMS objects and demands an answer, never an exception, to each.</summary>
public sealed class CmsFuzz
{
    private const int Seed = 5652;

    // About ten seconds on the smallest machine that builds this.
    private const int Runs = 20_000;

    private static readonly ReadOnlySequence<byte> Content = new("Content-Type: text/plain\r\n\r\nHello.\r\n"u8.ToArray());

    [Fact]
    public void A_mutated_object_is_read_or_refused()
    {
        var random = new Random(Seed);
        var seeds = Seeds();

        for (var run = 0; run < Runs; run++)
        {
            Read(CmsMutation.Apply(seeds[run % seeds.Count], random));
        }
    }

    [Theory]
    [MemberData(nameof(BombNames))]
    public void A_bomb_is_refused(string name)
    {
        SignedData.TryRead(Bombs()[name], out var signedData, out var fault);

        (fault ?? signedData!.Verify(Content)).ShouldNotBeNull();
    }

    // Names only: the test framework would write megabytes of arguments into every report.
    public static TheoryData<string> BombNames() => new(Bombs().Keys);

    private static Dictionary<string, byte[]> Bombs()
    {
        const int Length = 2_000_000;
        var nested = new byte[Length];
        for (var at = 0; at + 1 < Length; at += 2)
        {
            nested[at] = 0x30;
            nested[at + 1] = 0x80;
        }

        // ContentInfo { signedData, [0] { SignedData { 1, {}, { data, [0] { then octet strings in octet strings.
        byte[] head = [0x30, 0x80, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x02, 0xA0, 0x80, 0x30, 0x80, 2, 1, 1, 0x31, 0,
            0x30, 0x80, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x01, 0xA0, 0x80];
        var octets = nested.Select(value => value == 0x30 ? (byte)0x24 : value).ToArray();
        var endless = Enumerable.Repeat((byte)0xFF, Length).ToArray();
        return new Dictionary<string, byte[]>(StringComparer.Ordinal)
        {
            { "nested sequences", nested },
            { "nested octet strings", [.. head, .. octets] },
            { "nested octet strings that are closed", [.. head, .. octets[..(Length / 2)], .. new byte[Length / 2]] },
            { "an object identifier of 2 MB", [0x30, 0x80, 0x06, 0x83, 0x1E, 0x84, 0x80, .. endless[..^1], 0x01] },
            { "a length beyond all memory", [0x30, 0x88, 0x7F, .. endless[..7], 0x06] },
            { "nothing", [] },
        };
    }

    private static List<byte[]> Seeds()
    {
        var seeds = new List<byte[]>();
        foreach (var key in new[] { KeyKind.Rsa2048, KeyKind.EcP256 })
        {
            foreach (var padding in new[] { SignaturePadding.Pkcs1, SignaturePadding.Pss })
            {
                var options = new SignerOptions { Padding = padding, Chain = TestPki.Chain };
                using var signer = new Signer(TestPki.Issue("alice@example.com", key), options);
                seeds.Add(signer.SignDetached(Content, TestPki.Now));
                seeds.Add(signer.SignEncapsulated(Content, TestPki.Now).ToArray());
            }
        }

        // Foreign producers bring BER, several signers, old algorithms; where their objects are at hand they are seeds too.
        foreach (var folder in new[] { Corpora.Folder("rfc4134"), Corpora.Folder("cms") }.OfType<string>())
        {
            seeds.AddRange(Directory.GetFiles(folder, "*", SearchOption.AllDirectories)
                .Where(file => new FileInfo(file).Length < 20_000)
                .Order(StringComparer.Ordinal)
                .Select(File.ReadAllBytes)
                .Where(bytes => SignedData.TryRead(bytes, out _, out _)));
        }

        return seeds;
    }

    private static void Read(byte[] cms)
    {
        if (!SignedData.TryRead(cms, out var signedData, out var fault))
        {
            fault.Reason.ShouldNotBeEmpty();
            return;
        }

        _ = signedData.Verify(signedData.Content ?? Content);
        foreach (var signer in signedData.Signers)
        {
            _ = signer.Verify(Content);
            _ = (signer.SigningTime, signer.Capabilities, signer.DigestName, signer.SignatureAlgorithmName, signer.Identifier.ToString());
            _ = signer.EncryptionKeyPreference is { } preferred ? signedData.FindCertificate(preferred) : null;
        }
    }
}
