using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SmimeGateway.Certificates;
using SmimeGateway.Certificates.Finding.Formats;
using SmimeGateway.Certificates.Finding.Seen;
using SmimeGateway.Certificates.Trusting;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Fuzz;

/// <summary>Mutates certificates and key files and demands an answer, never an exception, to each.</summary>
public sealed class CertificateFuzz
{
    private const int Seed = 5280;
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(4);

    [Fact]
    public void A_mutated_certificate_is_read_or_refused()
    {
        var store = new TrustStore([TestPki.Root], [TestPki.Intermediate]);
        Run(CertificateSeeds.Certificates(), 500, mutated =>
        {
            if (!TryLoad(mutated, out var certificate))
            {
                return;
            }

            var traits = CertificateTraits.Read(certificate);
            _ = (traits.Fault, traits.Subject, traits.HasAddress("alice@example.com"), traits.DaysLeft(TestPki.Now));
            traits.Addresses.ShouldAllBe(address => IsMailbox(address));
            store.Judge(certificate, [certificate], TestPki.Now).IsTrusted.ShouldBe(mutated.AsSpan().SequenceEqual(certificate.RawData) && IsUnchanged(mutated));
        });
    }

    [Fact]
    public void A_mutated_key_store_is_read_or_refused()
    {
        Run(CertificateSeeds.KeyStores(), 50, mutated =>
        {
            var reading = Pkcs12Reader.Read("fuzz", "file", mutated, "pw", FileNaming.Source);
            (reading.Held.Count + reading.Problems.Count).ShouldBeGreaterThan(0);
            foreach (var own in reading.Held)
            {
                _ = (own.KeyFault, own.Certificate.HasPrivateKey);
            }
        });
    }

    [Fact]
    public void A_mutated_pem_file_is_read_or_refused()
    {
        Run(CertificateSeeds.PemFiles(), 200, mutated =>
        {
            var reading = PemReader.Read("fuzz", "file", mutated, "pw", FileNaming.Source);
            (reading.Held.Count + reading.Others.Count + reading.Problems.Count).ShouldBeGreaterThan(0);
            foreach (var own in reading.Held)
            {
                _ = (own.KeyFault, own.Certificate.HasPrivateKey);
            }
        });
    }

    [Fact]
    public void A_mutated_file_of_a_partner_is_read_or_refused()
    {
        Run(CertificateSeeds.PartnerFiles(), 500, mutated =>
        {
            _ = CertificateFile.MayBePkcs12(mutated);
            var file = CertificateFile.Read(mutated);
            file.Certificates.ShouldAllBe(certificate => CertificateTraits.Read(certificate) != null);
            _ = SeenRecord.TryRead(mutated);
        });
    }

    [Fact]
    public void Any_text_is_a_mailbox_or_not()
    {
        var random = new Random(Seed);
        var alphabet = "ab.@\"\\ -_ä\u212A\u200B\0\r\n[]<>xn--ß医\uD800".ToCharArray();
        for (var i = 0; i < 100_000; i++)
        {
            var text = new string(random.GetItems(alphabet, random.Next(24)));
            if (MailboxName.TryWrite(text, out var written))
            {
                MailboxName.TryNormalize(text, out var key).ShouldBeTrue();
                MailboxName.TryNormalize(written, out var again).ShouldBeTrue($"{text} was written as {written}");
                again.ShouldBe(key);
            }
        }
    }

    private static void Run(IReadOnlyList<byte[]> seeds, int atLeast, Action<byte[]> read)
    {
        var random = new Random(Seed);
        var running = Stopwatch.StartNew();
        var runs = 0;
        // On a busy machine it takes longer, and proves as much.
        while (running.Elapsed < Budget || runs <= atLeast)
        {
            var mutated = CmsMutation.Apply(seeds[runs++ % seeds.Count], random);
            try
            {
                read(mutated);
            }
            catch (Exception exception) when (exception is not ShouldAssertException)
            {
                throw new InvalidOperationException($"Run {runs}: {Convert.ToBase64String(mutated)}", exception);
            }
        }
    }

    private static bool IsUnchanged(byte[] mutated) => CertificateSeeds.Certificates().Any(seed => seed.AsSpan().SequenceEqual(mutated));

    private static bool IsMailbox(string address) => MailboxName.TryNormalize(address, out _);

    private static bool TryLoad(byte[] bytes, out X509Certificate2 certificate)
    {
        try
        {
            certificate = X509CertificateLoader.LoadCertificate(bytes);
            return true;
        }
        catch (CryptographicException)
        {
            certificate = null!;
            return false;
        }
    }
}
