using System.Buffers;
using SmimeGateway.TestSupport;
using Xunit.Abstractions;

namespace SmimeGateway.Cms.Tests;

/// <summary>What others published, with what they say about it, as far as signatures go: validity of certificates is not judged here.</summary>
public sealed class CorporaTests(ITestOutputHelper output)
{
    private const string Good = "good";

    [Theory]
    [InlineData("3.1.bin", "NotSignedData")]
    [InlineData("4.1.bin", Good)]
    [InlineData("4.2.bin", Good)]
    [InlineData("4.3.bin", Good)]
    [InlineData("4.4.bin", Good)]
    [InlineData("4.5.bin", Good)]
    [InlineData("4.7.bin", Good)]
    [InlineData("4.10.bin", Good)]
    [InlineData("4.11.bin", "NoSigner")]
    [InlineData("5.1.bin", "NotSignedData")]
    [InlineData("6.0.bin", "NotSignedData")]
    [InlineData("7.1.bin", "NotSignedData")]
    public void RFC_4134_objects(string file, string expected)
    {
        if (Find("rfc4134") is { } folder)
        {
            var content = new ReadOnlySequence<byte>(File.ReadAllBytes(Path.Combine(folder, "ExContent.bin")));
            Verdict(File.ReadAllBytes(Path.Combine(folder, file)), content).ShouldBe(expected);
        }
    }

    [Fact]
    public void The_second_signer_of_RFC_4134_has_a_key_whose_parameters_are_elsewhere()
    {
        if (Find("rfc4134") is { } folder)
        {
            var signedData = Some.Read(File.ReadAllBytes(Path.Combine(folder, "4.6.bin")));

            signedData.Signers[0].Verify(signedData.Content!.Value).ShouldBeNull();
            signedData.Signers[1].Verify(signedData.Content!.Value)!.Kind.ShouldBe(CmsFaultKind.SignerCertificateUnreadable);
        }
    }

    [Theory]
    [InlineData("rfc4134/4.8.eml", Good)]
    [InlineData("rfc4134/4.9.eml", Good)]
    [InlineData("thunderbird-smime/alice.dsig.SHA256.multipart.eml", Good)]
    [InlineData("thunderbird-smime/alice.dsig.SHA256.multipart.bad.eml", "DigestMismatch")]
    [InlineData("thunderbird-smime/alice.dsig.SHA256.multipart.mismatch-econtent.eml", "ContentMismatch")]
    [InlineData("thunderbird-smime/alice.dsig.SHA256.multipart.env.eml", "NotSignedData")]
    [InlineData("thunderbird-smime/alice.env.dsig.SHA256.multipart.eml", "DigestMismatch")]
    [InlineData("thunderbird-smime/alice.env.sig.SHA256.opaque.eml", Good)]
    [InlineData("thunderbird-smime/alice.html.sig.SHA256.opaque.eml", Good)]
    [InlineData("thunderbird-smime/alice.sig.SHA256.opaque.eml", Good)]
    [InlineData("thunderbird-smime/alice.env.eml", "NotSignedData")]
    public void Mail(string path, string expected)
    {
        if (Find(Path.GetDirectoryName(path)!) is { } folder)
        {
            MailVerdict(Path.Combine(folder, Path.GetFileName(path))).ShouldBe(expected);
        }
    }

    [Fact]
    public void The_signature_of_a_mail_dated_in_the_future_is_good_and_tells_its_own_time()
    {
        if (Find("thunderbird-smime") is { } folder)
        {
            var parts = SignedParts.Of(Corpora.ReadMail(Path.Combine(folder, "alice.future.dsig.SHA256.multipart.eml")));
            var signer = Some.Read(parts.Cms).Signers.ShouldHaveSingleItem();

            signer.Verify(new ReadOnlySequence<byte>(parts.SignedContent!)).ShouldBeNull();
            signer.SigningTime.ShouldBe(new DateTimeOffset(2026, 1, 26, 14, 40, 10, TimeSpan.Zero), "six hours before the Date field");
        }
    }

    [Fact]
    public void All_signatures_of_PKITS_are_good_but_one_whose_key_has_its_parameters_elsewhere()
    {
        if (Find("pkits-2004") is { } folder)
        {
            var files = Directory.GetFiles(Path.Combine(folder, "smime"), "*.eml");

            var bad = files.Where(file => MailVerdict(file) != Good).Select(Path.GetFileName);

            files.Length.ShouldBeGreaterThan(200);
            bad.ShouldBe(["SignedValidDSAParameterInheritanceTest5.eml"]);
        }
    }

    [Theory]
    [InlineData("bad_signtime_attr.cms", "AttributeInvalid")]
    [InlineData("ct_multiple_attr.cms", "AttributeInvalid")]
    [InlineData("no_ct_attr.cms", "AttributeInvalid")]
    [InlineData("no_md_attr.cms", "AttributeInvalid")]
    [InlineData("dh-malformed.der", "NotSignedData")]
    [InlineData("ecdh-malformed.der", "NotSignedData")]
    [InlineData("rsa-malformed.der", "NotSignedData")]
    public void Malformed_objects_of_OpenSSL(string file, string expected)
    {
        if (Find("cms/80-test_cms_data") is { } folder)
        {
            Verdict(File.ReadAllBytes(Path.Combine(folder, file)), null).ShouldBe(expected);
        }
    }

    [Theory]
    [InlineData("cms_ber.bin", Good)]
    [InlineData("cms_der.bin", Good)]
    [InlineData("scep_der.bin", Good)]
    [InlineData("sd.cms", Good)]
    [InlineData("authroot.stl", Good)]
    [InlineData("apple_mdm_signature_der.bin", "DigestMismatch")]
    [InlineData("pkits.p7b", "ContentMissing")]
    [InlineData("compressed_data.bin", "NotSignedData")]
    [InlineData("enveloped_data_multi.bin", "NotSignedData")]
    [InlineData("signer_info_explicit_attrs.bin", "Malformed")]
    [InlineData("signer_info_sequence_not_set.bin", "Malformed")]
    [InlineData("rsa_cert.der", "Malformed")]
    public void Objects_of_rustcrypto(string file, string expected)
    {
        if (Find("cms/rustcrypto-examples") is { } folder)
        {
            Verdict(File.ReadAllBytes(Path.Combine(folder, file)), null).ShouldBe(expected);
        }
    }

    [Fact]
    public void Every_file_of_the_corpora_is_read_or_refused_with_a_reason()
    {
        foreach (var name in new[] { "cms", "rfc4134", "rfc9216", "tnef" })
        {
            if (Find(name) is { } folder)
            {
                foreach (var file in Directory.GetFiles(folder, "*", SearchOption.AllDirectories))
                {
                    Verdict(File.ReadAllBytes(file), Some.ContentSequence).ShouldNotBeEmpty(file);
                }
            }
        }
    }

    private static string MailVerdict(string path)
    {
        var parts = SignedParts.Of(Corpora.ReadMail(path));
        return Verdict(parts.Cms, parts.SignedContent is { } content ? new ReadOnlySequence<byte>(content) : null);
    }

    private static string Verdict(byte[] cms, ReadOnlySequence<byte>? content)
    {
        var fault = SignedData.TryRead(cms, out var signedData, out var unreadable)
            ? signedData.Verify(signedData.Content ?? content)
            : unreadable;
        return content is not null && fault is null && signedData!.Content is not null
            ? signedData.Verify(content)?.Kind.ToString() ?? Good
            : fault?.Kind.ToString() ?? Good;
    }

    private string? Find(string name)
    {
        var folder = Corpora.Folder(name);
        if (folder is null)
        {
            output.WriteLine($"Skipped: there is no folder shared/corpora/{name} beside the checkout.");
        }

        return folder;
    }
}
