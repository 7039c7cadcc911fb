using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Cms.Tests.Interop.Encryption;

public sealed class EncryptedReadByOthersTests(DecryptionJudges judges) : IClassFixture<DecryptionJudges>
{
    public static TheoryData<string> Names => [.. DecryptionJudges.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Each_judge_decrypts_what_the_table_says(string name)
    {
        var decryptions = await judges[name].DecryptAsync(judges.Cases);

        var wrong = judges.Cases.Zip(decryptions)
            .Where(pair => ExpectedDecryptors.Reads(name, pair.First.Combination)
                ? !DecryptionJudges.Content.AsSpan().SequenceEqual(pair.Second.Content)
                : pair.Second.Content is { Length: > 0 })
            .Select(pair => $"{pair.First}: {pair.Second.Said}");
        wrong.ShouldBeEmpty();
    }

    [Fact]
    public void We_decrypt_every_combination()
    {
        foreach (var one in judges.Cases)
        {
            EnvelopedData.TryRead(one.Cms, out var enveloped, out var fault).ShouldBeTrue($"{one}: {fault?.Reason}");
            enveloped!.Recipients.Count.ShouldBe(one.Recipients);
            enveloped.Recipients.Count(recipient => recipient.Identifier!.Names(one.Reader)).ShouldBe(1, one.ToString());
            enveloped.TryDecrypt([one.Reader], allowWeakCiphers: false, out var content, out fault).ShouldBeTrue($"{one}: {fault?.Reason}");
            content.ShouldBe(DecryptionJudges.Content);
        }
    }

    [Theory]
    [InlineData("OpenSSL")]
    [InlineData("Bouncy Castle (Java)")]
    public async Task A_changed_octet_of_authenticated_content_is_found(string name)
    {
        var cases = judges.Cases.Where(one => one.Recipients == 1 && one.Combination.IsAuthenticated).Select(Change).ToList();

        var decryptions = await judges[name].DecryptAsync(cases);

        cases.Zip(decryptions).Where(pair => pair.Second.Content is { Length: > 0 }).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("brainpoolP256r1")]
    [InlineData("brainpoolP384r1")]
    [InlineData("brainpoolP512r1")]
    public async Task OpenSSL_decrypts_what_is_encrypted_on_a_brainpool_curve(string curve)
    {
        using var key = ECDsa.Create(ECCurve.CreateFromFriendlyName(curve));
        var request = new CertificateRequest("CN=alice", key, HashAlgorithmName.SHA256);
        using var alice = request.CreateSelfSigned(TestPki.NotBefore, TestPki.NotAfter);
        using var folder = new ScratchFolder();
        var file = folder.Write("alice.pem", alice.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem() + "\n");
        foreach (var cipher in new[] { ContentCipher.Aes256Cbc, ContentCipher.Aes256Gcm })
        {
            var combination = new EncryptionCombination(cipher, KeyKind.EcP256, KeyTransport.RsaPkcs1, RecipientNaming.IssuerAndSerial);
            var encrypted = combination.Encrypt(DecryptionJudges.Content, alice);
            var cms = folder.Write("cms.der", encrypted);

            var run = await Tool.MustAsync("openssl", ["cms", "-decrypt", "-binary", "-inform", "DER", "-in", cms, "-recip", file]);

            run.OutputBytes.ShouldBe(DecryptionJudges.Content);
            SomeEnvelope.Read(encrypted).TryDecrypt([alice], allowWeakCiphers: false, out var content, out var fault).ShouldBeTrue(fault?.Reason);
            content.ShouldBe(DecryptionJudges.Content);
        }
    }

    [Fact]
    public void The_published_table_is_the_one_the_judges_are_compared_with()
    {
        var published = File.ReadAllText(Path.Combine(Repository.Root, "docs", "interoperability.md"));

        published.ShouldContain(string.Join('\n', DecryptorTable.Render(DecryptionJudges.Names)));
    }

    // The last octet of the content, right before the tag and its two octets of tag and length.
    private static DecryptionCase Change(DecryptionCase one)
    {
        var changed = one.Cms.ToArray();
        changed[^19] ^= 1;
        return one with { Cms = changed };
    }
}
