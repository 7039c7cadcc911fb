using System.Security.Cryptography.X509Certificates;
using MimeKit.Cryptography;
using SmimeGateway.Cms.Tests.Modern;
using SmimeGateway.TestSupport;
using SmimeGateway.TestSupport.Modern;

namespace SmimeGateway.Cms.Tests.Interop.Encryption;

/// <summary>Who reads his mail with RSA although it was encrypted to somebody with a key of a rare kind as well. docs/interoperability.md says the same.</summary>
public sealed class RareRecipientsTests(DecryptionJudges judges) : IClassFixture<DecryptionJudges>
{
    private static readonly EncryptionCombination Way = new(ContentCipher.Aes256Cbc, KeyKind.Rsa2048, KeyTransport.RsaPkcs1, RecipientNaming.IssuerAndSerial);

    private static readonly string[] Elliptic = ["EcP256", "EcP384", "EcP521", "X25519", "X448"];
    private static readonly string[] Encapsulating = ["MlKem512", "MlKem768", "MlKem1024"];

    public static TheoryData<string, string> Beside
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (var kind in Elliptic.Concat(Encapsulating))
            {
                foreach (var judge in DecryptionJudges.Names.Append("MimeKit"))
                {
                    cases.Add(kind, judge);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Beside))]
    public async Task A_reader_with_RSA_beside_him_reads_as_the_table_says(string kind, string judge)
    {
        var bob = Readers.Bob(KeyKind.Rsa2048);
        var other = Enum.TryParse<KeyKind>(kind, out var elliptic) ? new CmsIdentity(Readers.Alice(elliptic)) : Identities.Get(Enum.Parse<ModernKind>(kind)).ForCms();
        var cms = Way.Encrypt(DecryptionJudges.Content, other.Certificate, bob);

        var decryption = judge == "MimeKit" ? WithMimeKit(cms, bob) : (await judges[judge].DecryptAsync([new DecryptionCase(Way, 2, bob, cms)]))[0];

        var reads = judge != "NSS (Thunderbird)" && (judge != ".NET EnvelopedCms" || Elliptic.Contains(kind));
        (decryption.Content is { } content && content.AsSpan().SequenceEqual(DecryptionJudges.Content)).ShouldBe(reads, decryption.Said);
        SomeEnvelope.Read(cms).TryDecrypt([other], allowWeakCiphers: false, out var ours, out _, out var fault).ShouldBeTrue(fault?.Reason);
        ours.ShouldBe(DecryptionJudges.Content);
    }

    private static Decryption WithMimeKit(byte[] cms, X509Certificate2 reader)
    {
        using var context = new TemporarySecureMimeContext { CheckCertificateRevocation = false };
        context.Import(new MemoryStream(reader.Export(X509ContentType.Pkcs12, "x")), "x");
        using var content = new MemoryStream();
        try
        {
            context.DecryptTo(new MemoryStream(cms), content);
            return new Decryption(content.ToArray(), "");
        }
        catch (Exception exception) when (exception is Org.BouncyCastle.Cms.CmsException or InvalidOperationException)
        {
            return new Decryption(null, exception.ToString());
        }
    }
}
