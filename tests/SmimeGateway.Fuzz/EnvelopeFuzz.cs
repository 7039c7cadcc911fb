using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using SmimeGateway.Certificates;
using SmimeGateway.Certificates.Trusting;
using SmimeGateway.Cms;
using SmimeGateway.Opening;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Fuzz;

/// <summary>Mutates encrypted and compressed objects and demands an answer, never an exception nor much memory, to each.</summary>
public sealed class EnvelopeFuzz
{
    private const int Seed = 5083;
    private const int MaxInflated = 200_000;

    // Small objects: what is allocated for one is certificates, big integers and at most one inflated content.
    private const long MaxAllocated = 4_000_000;

    // A few seconds in every build; FUZZ_SECONDS asks for more.
    private static readonly TimeSpan Budget =
        TimeSpan.FromSeconds(int.TryParse(Environment.GetEnvironmentVariable("FUZZ_SECONDS"), CultureInfo.InvariantCulture, out var seconds) ? seconds : 6);

    private static readonly ReadOnlySequence<byte> Content = new("Content-Type: text/plain\r\n\r\nHello.\r\n"u8.ToArray());

    private static readonly X509Certificate2[] Own =
        [TestPki.Issue("alice@example.com"), TestPki.Issue("bob@example.com", KeyKind.EcP256)];

    private static readonly Opener Opener = new(
        new TrustStore([TestPki.Root], [TestPki.Intermediate]),
        Own.Select(certificate => new OwnCertificate("own", "own.pfx", certificate, TestPki.Chain, CertificateTraits.Read(certificate))))
    {
        AllowsWeakCiphers = true,
        MaxInflatedOctets = MaxInflated,
    };

    [Fact]
    public void A_mutated_object_is_opened_or_refused()
    {
        var random = new Random(Seed);
        var seeds = Seeds();
        var running = Stopwatch.StartNew();
        var runs = 0;
        while (running.Elapsed < Budget)
        {
            var mutated = CmsMutation.Apply(seeds[runs++ % seeds.Count], random);
            try
            {
                Open(mutated);
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"run {runs}: {exception.Message}\n{Convert.ToBase64String(mutated)}", exception);
            }
        }

        runs.ShouldBeGreaterThan(200);
    }

    [Theory]
    [MemberData(nameof(BombNames))]
    public void A_bomb_is_survived_in_time_that_grows_with_its_size(string name)
    {
        var running = Stopwatch.StartNew();

        Read(Bombs()[name]);

        running.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(20));
    }

    // Names only: the test framework would write megabytes of arguments into every report.
    public static TheoryData<string> BombNames() => new(Bombs().Keys);

    private static Dictionary<string, byte[]> Bombs()
    {
        const int Length = 2_000_000;
        const byte Any = 0x30;
        byte[] envelopedData = [0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x03];
        byte[] data = [.. envelopedData[..^1], 0x01];

        // ContentInfo { envelopedData, [0] { EnvelopedData { 0,
        byte[] head = [Any, 0x80, .. envelopedData, 0xA0, 0x80, Any, 0x80, 2, 1, 0];

        // {}, { data, { aes256-CBC, vector }, [0] {
        byte[] cipher = [Any, 0x1D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01, 0x2A, 0x04, 0x10, .. new byte[16]];
        byte[] content = [.. head, 0x31, 0, Any, 0x80, .. data, .. cipher, 0xA0, 0x80];
        var end = new byte[12];
        return new Dictionary<string, byte[]>(StringComparer.Ordinal)
        {
            { "pieces of one octet", [.. content, .. Repeat([0x04, 1, 0xAA], Length), .. end] },
            { "pieces of no octet", [.. content, .. Repeat([0x04, 0], Length), .. end] },
            { "pieces in pieces", [.. content, .. Repeat([0x24, 0x80], Length)] },
            { "pieces in pieces that are closed", [.. content, .. Repeat([0x24, 0x80], Length / 2), .. new byte[Length / 2], .. end] },
            { "recipients", [.. head, 0x31, 0x80, .. Repeat([0xA3, 0], Length), .. end] },
            { "attributes in attributes", [.. head, 0x31, 0, .. Repeat([0xA1, 0x80], Length)] },
            { "an object identifier of 2 MB", [.. head, 0x31, 0, Any, 0x83, 0x1E, 0x84, 0x84, 0x06, 0x83, 0x1E, 0x84, 0x80, .. Repeat([0xFF], Length - 1), 1] },
        };
    }

    private static byte[] Repeat(byte[] unit, int length) => [.. Enumerable.Repeat(unit, length / unit.Length).SelectMany(bytes => bytes)];

    private static List<byte[]> Seeds()
    {
        var seeds = new List<byte[]> { CompressedData.Compress(Content) };
        var recipients = Own.SelectMany(certificate => new[] { Recipient(certificate, KeyTransport.RsaPkcs1), Recipient(certificate, KeyTransport.OaepSha256) });
        foreach (var recipient in recipients)
        {
            foreach (var cipher in new[] { ContentCipher.Aes128Cbc, ContentCipher.Aes256Gcm })
            {
                using var encryption = new ContentEncryption(cipher, [recipient], Content);
                var cms = new byte[encryption.EncodedLength];
                encryption.Write(cms);
                seeds.Add(cms);
            }
        }

        // Foreign producers bring BER, old ciphers and recipients of every kind; where their objects are at hand they are seeds too.
        foreach (var folder in new[] { Corpora.Folder("rfc4134"), Corpora.Folder("cms") }.OfType<string>())
        {
            seeds.AddRange(Directory.GetFiles(folder, "*", SearchOption.AllDirectories)
                .Where(file => new FileInfo(file).Length < 20_000)
                .Order(StringComparer.Ordinal)
                .Select(File.ReadAllBytes)
                .Where(bytes => EnvelopedData.TryRead(bytes, out _, out _) || CompressedData.TryDecompress(bytes, MaxInflated, out _, out _)));
        }

        return seeds;
    }

    private static CmsRecipient Recipient(X509Certificate2 certificate, KeyTransport transport) =>
        CmsRecipient.TryCreate(certificate, transport, RecipientNaming.IssuerAndSerial, out var recipient, out var fault)
            ? recipient
            : throw new InvalidOperationException(fault.Reason);

    private static void Open(byte[] cms)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        Read(cms);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(MaxAllocated);

        var mail = "From: alice@example.com\r\nContent-Type: application/pkcs7-mime\r\nContent-Transfer-Encoding: base64\r\n\r\n" + Convert.ToBase64String(cms);
        var opened = Opener.Open(Encoding.Latin1.GetBytes(mail), TestPki.Now);
        (opened.Content is null).ShouldBe(opened.Fault is not null);
    }

    private static void Read(byte[] cms)
    {
        if (!CompressedData.TryDecompress(cms, MaxInflated, out _, out var fault))
        {
            fault.Reason.ShouldNotBeEmpty();
        }

        if (!EnvelopedData.TryRead(cms, out var enveloped, out fault))
        {
            fault.Reason.ShouldNotBeEmpty();
            return;
        }

        _ = (enveloped.CipherName, enveloped.ContentType, enveloped.HidesAll, enveloped.Recipients.Count(recipient => recipient.Identifier?.ToString() is null));
        if (!enveloped.TryDecrypt(Own, allowWeakCiphers: true, out _, out fault))
        {
            fault.Reason.ShouldNotBeEmpty();
        }
    }
}
