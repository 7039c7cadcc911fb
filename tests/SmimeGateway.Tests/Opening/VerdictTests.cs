using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using SmimeGateway.Certificates;
using SmimeGateway.Certificates.Trusting;
using SmimeGateway.Mime.ProtectedForms;
using SmimeGateway.Opening;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests.Opening;

/// <summary>What is said of a signed message as a whole, and that nothing is kept from one about which there is any doubt.</summary>
public sealed class VerdictTests
{
    private const string From = "From: Alice <alice@example.com>\r\n";
    private const string More = "To: bob@example.com\r\nMIME-Version: 1.0\r\n";
    private const string Date = "Date: Fri, 20 Nov 2026 13:00:00 +0100\r\n";

    private static readonly X509Certificate2 Alice = TestPki.Issue("alice@example.com");
    private static readonly X509Certificate2 Carol = TestPki.Issue("carol@example.com");
    private static readonly X509Certificate2 Bob = TestPki.Issue("bob@example.com", keyOwner: "bob");
    private static readonly TestAuthority Authority = new("Odd Authority");
    private static readonly X509Certificate2 OddRoot = Authority.Root();
    private static readonly TestAuthority Namesake = new("alice@example.com");
    private static readonly TrustStore Trust = new([TestPki.Root, OddRoot, Namesake.Root()], [TestPki.Intermediate]);

    private static readonly Dictionary<string, (Func<string> Mail, string? Doubt)> Messages = new(StringComparer.Ordinal)
    {
        ["clear"] = (() => From + Date + More + Letters.Clear(Letters.Plain, Alice), null),
        ["opaque"] = (() => From + Date + More + Letters.Opaque(Letters.Plain, Alice), null),

        // Who is the author.
        ["no From"] = (() => More + Letters.Clear(Letters.Plain, Alice), "there is no From field"),
        ["two From, the first right"] = (() => From + "From: ceo@example.com\r\n" + More + Letters.Clear(Letters.Plain, Alice), "there are 2 From fields, not a single author"),
        ["two From, the second right"] = (() => "From: ceo@example.com\r\n" + From + More + Letters.Clear(Letters.Plain, Alice), "there are 2 From fields, not a single author"),
        ["the same From twice"] = (() => From + From + More + Letters.Opaque(Letters.Plain, Alice), "there are 2 From fields, not a single author"),
        ["two authors"] = (() => "From: alice@example.com, ceo@example.com\r\n" + More + Letters.Clear(Letters.Plain, Alice), "the From field names 2 mailboxes, not a single author"),
        ["an unreadable author"] = (() => "From: Alice <alice@\r\n" + More + Letters.Clear(Letters.Plain, Alice), "the From field names no single author whom every reader sees"),
        ["another author"] = (() => "From: ceo@example.com\r\n" + More + Letters.Clear(Letters.Plain, Alice), "the certificate is not for ceo@example.com, the address in From"),
        ["only the sender"] = (() => "From: ceo@example.com\r\nSender: alice@example.com\r\n" + More + Letters.Clear(Letters.Plain, Alice),
            "the certificate is for the address in Sender, not for the author ceo@example.com in From"),
        ["another sender"] = (() => From + "Sender: office@example.com\r\n" + More + Letters.Clear(Letters.Plain, Alice), null),
        ["the same protected author"] = (() => From + More + Letters.Clear(Protected(From), Alice), null),
        ["another protected author"] = (() => From + More + Letters.Clear(Protected("From: ceo@example.com\r\n"), Alice), "the certificate is not for ceo@example.com, the address in protected From"),
        ["two protected From"] = (() => From + More + Letters.Clear(Protected(From + "From: ceo@example.com\r\n"), Alice), "there are 2 protected From fields, not a single author"),
        ["a certificate without an address"] = (() => From + More + Letters.Clear(Letters.Plain, TestPki.IssueWith(new X500DistinguishedName("CN=Nobody"), KeyKind.Rsa2048)),
            "the certificate is for no address, so not for alice@example.com in From"),

        // What the certificate may do.
        ["keyEncipherment alone"] = (() => From + More + Letters.Clear(Letters.Plain, TestPki.EncryptionOnly("alice@example.com")),
            "CN=alice@example.com, E=alice@example.com: its key usage or extended key usage does not allow signatures on mail"),
        ["keyCertSign alone"] = (() => From + More + Odd(Authority.Issue("alice@example.com", usage: X509KeyUsageFlags.KeyCertSign)),
            "CN=alice@example.com: its key usage or extended key usage does not allow signatures on mail"),
        ["nonRepudiation and keyEncipherment"] = (() => From + More + Odd(Authority.Issue("alice@example.com", usage: X509KeyUsageFlags.NonRepudiation | X509KeyUsageFlags.KeyEncipherment)), null),
        ["key usage not stated"] = (() => From + More + Odd(Authority.Issue("alice@example.com")), null),
        ["a server"] = (() => From + More + Letters.Clear(Letters.Plain, TestPki.WrongUsage("alice@example.com")),
            "CN=alice@example.com, E=alice@example.com: it is not meant for mail"),
        ["an expired certificate"] = (() => From + More + Letters.Clear(Letters.Plain, TestPki.Expired("alice@example.com")),
            "CN=alice@example.com, E=alice@example.com: it is valid from 2024-01-01 to 2025-01-01"),

        // How strong it is.
        ["SHA-1"] = (() => From + More + Odd(Authority.Issue("alice@example.com"), "1.3.14.3.2.26"), "the signature is made with SHA-1, which is broken"),
        ["MD5"] = (() => From + More + Odd(Authority.Issue("alice@example.com"), "1.2.840.113549.2.5"), "the signature is made with MD5, which is broken"),
        ["SHA-512"] = (() => From + More + Odd(Authority.Issue("alice@example.com"), "2.16.840.1.101.3.4.2.3"), null),
        ["RSA 1024"] = (() => From + More + Odd(Authority.Issue("alice@example.com", RSA.Create(1024))), "CN=alice@example.com: its key, RSA 1024, is too short for today"),
        ["RSA 2047"] = (() => From + More + Odd(Authority.Issue("alice@example.com", RSA.Create(2040))), "CN=alice@example.com: its key, RSA 2040, is too short for today"),
        ["issued with SHA-1"] = (() => From + More + Odd(Authority.Issue("alice@example.com", digest: HashAlgorithmName.SHA1)), "CN=alice@example.com: it was issued with SHA-1, which is broken"),
        ["issued with SHA-1 by an authority of the same name"] = (() => From + More + Odd(Namesake.Issue("alice@example.com", digest: HashAlgorithmName.SHA1)), "CN=alice@example.com: it was issued with SHA-1, which is broken"),

        // When it was made.
        ["an hour ahead"] = (() => From + More + Odd(Authority.Issue("alice@example.com"), time: TestPki.Now.AddHours(1)), "it claims to be signed in the future, on 2026-11-20 13:00:00 UTC"),
        ["a clock that is fast"] = (() => From + More + Odd(Authority.Issue("alice@example.com"), time: TestPki.Now.AddMinutes(5)), null),
        ["no time"] = (() => From + Date + More + Odd(Authority.Issue("alice@example.com"), time: DateTimeOffset.MinValue), null),
        ["before the certificate"] = (() => From + More + Odd(Authority.Issue("alice@example.com"), time: TestPki.NotBefore.AddDays(-1)),
            "it was signed on 2023-12-31 00:00:00 UTC, when its certificate was not valid"),
        ["after the certificate"] = (() => From + More + Odd(Authority.Issue("alice@example.com", to: TestPki.Now.AddMinutes(3)), time: TestPki.Now.AddMinutes(5)),
            "it was signed on 2026-11-20 12:05:00 UTC, when its certificate was not valid"),
        ["an old signature under a new Date"] = (() => From + Date + More + Odd(Authority.Issue("alice@example.com"), time: TestPki.Now.AddHours(-6)),
            "it was signed on 2026-11-20 06:00:00 UTC, long before the Date of the message"),
        ["signed late on its way"] = (() => From + Date.Replace("20 Nov", "18 Nov", StringComparison.Ordinal) + More + Letters.Clear(Letters.Plain, Alice), null),

        // Whether it is the whole.
        ["changed"] = (() => From + More + Letters.Clear(Letters.Plain, Alice).Replace("The text", "Another text", StringComparison.Ordinal), "The content is not the one that was signed"),
        ["the notice before MIME"] = (() => From + More + Beside("This is a cryptographically signed message in MIME format.\r\n", ""), null),
        ["text before"] = (() => From + More + Beside("Pay at once\r\nto the account below.\r\n", ""), "text stands before the parts of the multipart/signed, and nobody signed it"),
        ["text behind"] = (() => From + More + Beside("", "Pay at once.\r\n"), "text follows behind the multipart/signed, and nobody signed it"),
        ["blank lines behind"] = (() => From + More + Beside("", "\r\n\r\n"), null),
        ["a footer of a list"] = (() => From + More + Mixed(Letters.Clear(Letters.Plain, Alice)), "only a part of the message is signed, and nobody signed what stands beside it"),
        ["an opaque part among others"] = (() => From + More + Mixed(Letters.Opaque(Letters.Plain, Alice)), "only a part of the message is signed, and nobody signed what stands beside it"),
        ["text behind the object"] = (() => From + More + Letters.Body("signed-data", [.. Cms(Authority.Issue("alice@example.com")), .. Letters.Bytes("Pay at once")]),
            "something follows behind the signed object, and nobody signed it"),
        ["zeros behind the object"] = (() => From + More + Letters.Body("signed-data", [.. Cms(Authority.Issue("alice@example.com")), 0, 0, 0]), null),
        ["not signed"] = (() => From + More + Letters.Plain, "the message is not signed"),
        ["encrypted alone"] = (() => From + More + Letters.Encrypted(Letters.Plain, Bob), "the message is not signed"),
        ["signed, then encrypted"] = (() => From + More + Letters.Encrypted(Letters.Clear(Letters.Plain, Alice), Bob), null),
        ["encrypted, then signed"] = (() => From + More + Letters.Clear(Letters.Encrypted(Letters.Plain, Bob), Alice),
            "it was encrypted before it was signed, so that the signature does not tell who wrote it"),
        ["encrypted for others, then signed"] = (() => From + More + Letters.Clear(Letters.Encrypted(Letters.Plain, Carol), Alice),
            "what is signed is encrypted for others, so that nobody can tell here who wrote it"),
        ["wrapped three times"] = (() => From + More + Letters.Opaque(Letters.Encrypted(Letters.Clear(Letters.Plain, Alice), Bob), Alice), null),

        // Several signers.
        ["somebody else has signed too"] = (() => From + More + Odd([Authority.Issue("alice@example.com"), Authority.Issue("carol@example.com")]), null),
        ["somebody unknown has signed too"] = (() => From + More + Odd([Authority.Issue("alice@example.com"), new TestAuthority("Unknown").Issue("carol@example.com")]), null),
        ["somebody else has signed alone"] = (() => From + More + Odd([Authority.Issue("carol@example.com"), Authority.Issue("dora@example.com")]),
            "CN=carol@example.com: the certificate is not for alice@example.com, the address in From"),
        ["one of two signatures is wrong"] = (() => From + More + Odd([Authority.Issue("alice@example.com"), Authority.Issue("alice@example.com")], spoil: true),
            "CN=alice@example.com: The signature was not made by the signer's key"),
    };

    public static TheoryData<string> Names => [.. Messages.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_message_is_proved_when_nothing_speaks_against_it(string name)
    {
        var (mail, doubt) = Messages[name];

        var opened = new Opener(Trust, [new OwnCertificate("office", "bob.pfx", Bob, [], CertificateTraits.Read(Bob))]).Open(Letters.Bytes(mail()), TestPki.Now);

        if (doubt is null)
        {
            opened.Doubts.ShouldBeEmpty();
        }
        else
        {
            opened.Doubts.ShouldContain(said => said.StartsWith(doubt, StringComparison.Ordinal), string.Join("; ", opened.Doubts));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Nothing_is_kept_from_a_message_of_which_there_is_a_doubt(string name)
    {
        var (mail, _) = Messages[name];
        var message = Letters.Bytes(mail());
        var opened = new Opener(Trust, []).Open(message, TestPki.Now);

        var kept = new HarvestReader(Trust).Read(message, TestPki.Now, (_, _, _, _) => false);

        if (kept.Count > 0)
        {
            // What is inside of an encryption is not looked at, nor believed.
            opened.Layers[0].Doubts.ShouldBeEmpty();
            kept.ShouldAllBe(one => one.Address == "alice@example.com" && one.Certificate.Traits.AllowsEncryption);
        }
        else if (opened.Layers.Count > 0 && opened.Layers[0].IsSigned && opened.Doubts.Count == 0)
        {
            // What may not be encrypted to is of no use, and what has no time may be of any age.
            opened.Layers[0].Signers.ShouldAllBe(signer =>
                !signer.IsGood || signer.SigningTime == null || name.StartsWith("nonRepudiation", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("smime-type=signed-data;", "")]
    [InlineData("smime-type=signed-data", "smime-type=enveloped-data")]
    [InlineData("smime-type=signed-data", "smime-type=compressed-data")]
    [InlineData("smime-type=signed-data", "smime-type=certs-only")]
    [InlineData("smime-type=signed-data", "smime-type=\"\"")]
    [InlineData("smime-type=signed-data", "smime-type=nonsense")]
    [InlineData("application/pkcs7-mime; smime-type=signed-data", "application/octet-stream")]
    public void A_wrong_label_of_a_signed_object_hinders_nobody(string label, string instead)
    {
        var body = Letters.Opaque(Letters.Plain, Alice).Replace(label, instead, StringComparison.Ordinal);

        var opened = new Opener(Trust, []).Open(Letters.Bytes(From + More + body), TestPki.Now);

        opened.Doubts.ShouldBeEmpty();
        opened.Layers.ShouldHaveSingleItem().Kind.ShouldBe(ExistingProtection.OpaqueSigned);
    }

    [Theory]
    [InlineData("signed-data")]
    [InlineData("compressed-data")]
    [InlineData("certs-only")]
    [InlineData("nonsense")]
    public void A_wrong_label_of_an_encrypted_object_hinders_nobody(string instead)
    {
        var body = Letters.Encrypted(Letters.Plain, Bob).Replace("enveloped-data", instead, StringComparison.Ordinal);

        var opened = new Opener(Trust, [new OwnCertificate("office", "bob.pfx", Bob, [], CertificateTraits.Read(Bob))]).Open(Letters.Bytes(From + More + body), TestPki.Now);

        opened.Fault.ShouldBeNull();
        opened.Layers.ShouldHaveSingleItem().Kind.ShouldBe(ExistingProtection.Enveloped);
    }

    [Theory]
    [InlineData("alice.env.eml", false)]
    [InlineData("alice.dsig.SHA256.multipart.bad.eml", false)]
    [InlineData("alice.dsig.SHA256.multipart.eml", true)]
    [InlineData("alice.future.dsig.SHA256.multipart.eml", false)]
    [InlineData("alice.dsig.SHA256.multipart.env.eml", true)]
    [InlineData("alice.dsig.SHA256.multipart.mismatch-econtent.eml", false)]
    [InlineData("alice.sig.SHA256.opaque.eml", true)]
    [InlineData("alice.sig.SHA256.opaque.env.eml", true)]
    [InlineData("alice.env.sig.SHA256.opaque.eml", false)]
    [InlineData("alice.env.dsig.SHA256.multipart.eml", false)]
    public void Mail_of_Thunderbird_is_judged_as_Thunderbird_expects(string file, bool isGood)
    {
        if (Corpora.Folder("thunderbird-smime") is not { } folder)
        {
            Console.WriteLine("Skipped: ../shared/corpora/thunderbird-smime is not there.");
            return;
        }

        var own = Directory.GetFiles(folder, "*.p12")
            .SelectMany(path => X509CertificateLoader.LoadPkcs12CollectionFromFile(path, "nss"))
            .Where(certificate => certificate.HasPrivateKey)
            .Select(certificate => new OwnCertificate("own", "own.pfx", certificate, [], CertificateTraits.Read(certificate)));
        var trust = TrustStore.Load([Path.Combine(folder, "TestCA.pem")], [], systemRoots: false, []);

        var opened = new Opener(trust, own).Open(Corpora.ReadMail(Path.Combine(folder, file)), TestPki.Now);

        (opened.Doubts.Count == 0).ShouldBe(isGood, string.Join("; ", opened.Doubts));
    }

    private static string Protected(string fields) => $"{fields}Content-Type: text/plain; hp=\"clear\"\r\n\r\nThe text.\r\n";

    private static string Beside(string before, string behind)
    {
        var clear = Letters.Clear(Letters.Plain, Alice);
        return clear.Insert(clear.IndexOf("--b", StringComparison.Ordinal), before) + behind;
    }

    private static string Mixed(string part) => $"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n{part}\r\n--x\r\n{Letters.Plain}\r\n--x--\r\n";

    private static string Odd(X509Certificate2 signer, string digest = "2.16.840.1.101.3.4.2.1", DateTimeOffset? time = null) =>
        Letters.Body("signed-data", Cms(signer, digest, time));

    private static string Odd(X509Certificate2[] signers, bool spoil = false)
    {
        var cms = new SignedCms(new ContentInfo(Letters.Bytes(Letters.Plain)));
        foreach (var signer in signers)
        {
            cms.ComputeSignature(MakeSigner(signer, "2.16.840.1.101.3.4.2.1", TestPki.Now));
        }

        var encoded = cms.Encode();
        if (spoil)
        {
            encoded[encoded.AsSpan().IndexOf(cms.SignerInfos[1].GetSignature()) + 20] ^= 1;
        }

        return Letters.Body("signed-data", encoded);
    }

    private static byte[] Cms(X509Certificate2 signer, string digest = "2.16.840.1.101.3.4.2.1", DateTimeOffset? time = null)
    {
        var cms = new SignedCms(new ContentInfo(Letters.Bytes(Letters.Plain)));
        cms.ComputeSignature(MakeSigner(signer, digest, time ?? TestPki.Now));
        return cms.Encode();
    }

    private static CmsSigner MakeSigner(X509Certificate2 certificate, string digest, DateTimeOffset time)
    {
        var signer = new CmsSigner(SubjectIdentifierType.IssuerAndSerialNumber, certificate)
        {
            DigestAlgorithm = new Oid(digest),
            IncludeOption = X509IncludeOption.EndCertOnly,
        };
        if (time != DateTimeOffset.MinValue)
        {
            signer.SignedAttributes.Add(new Pkcs9SigningTime(time.UtcDateTime));
        }

        return signer;
    }
}
