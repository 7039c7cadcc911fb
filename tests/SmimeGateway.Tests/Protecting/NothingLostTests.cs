using System.Buffers;
using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using SmimeGateway.Certificates;
using SmimeGateway.Cms;
using SmimeGateway.Deciding;
using SmimeGateway.Deciding.Options;
using SmimeGateway.Locating;
using SmimeGateway.Mime;
using SmimeGateway.Mime.ProtectedForms;
using SmimeGateway.Protecting;
using SmimeGateway.Smtp;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests.Protecting;

/// <summary>What goes in comes out: Python's email reads every message before and after, and every word of its text is under the protection.</summary>
public sealed class NothingLostTests
{
    private const int Messages = 5000;

    private static readonly X509Certificate2 Alice = TestPki.Issue("alice@example.com", KeyKind.EcP256);
    private static readonly Signer Signer = new(Alice, new SignerOptions());
    private static readonly Protector Protector = new(new ManualTimeProvider(TestPki.Now));

    private readonly Envelope _envelope = new(MailPath.Null, [new EnvelopeRecipient(MailPath.Null)]);

    /// <param name="way">Clear, opaque, clear with a protected header, encrypted: twenty thousand messages in all.</param>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task No_word_of_a_broken_message_is_lost_or_left_outside(int way)
    {
        var messages = new BrokenMessages(new Random(20 + way));
        using var input = new MemoryStream();
        List<byte[]> protectedOnes = [];
        var refused = 0;
        for (var i = 0; i < Messages; i++)
        {
            var message = messages.Next();
            Entity.TryParse(message, MimeLimits.Standard, out var entity, out _).ShouldBeTrue();
            if (Protect(entity, way) is not var (outer, inside))
            {
                refused++;
                continue;
            }

            protectedOnes.Add(message);
            foreach (var length in new[] { message.Length, outer.Length, inside.Length })
            {
                input.Write(BitConverter.GetBytes(length));
            }

            input.Write(message);
            input.Write(outer.Span);
            input.Write(inside.Span);
        }

        refused.ShouldBeLessThan(Messages / 20);
        var run = await Tool.MustAsync("python3", [Path.Combine(Here(), "read_texts.py")], input.ToArray());

        var verdicts = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        verdicts.Length.ShouldBe(protectedOnes.Count);
        for (var i = 0; i < verdicts.Length; i++)
        {
            var text = Encoding.UTF8.GetString(protectedOnes[i]);
            var missing = verdicts[i].Split('|');
            missing[0].ShouldBeEmpty($"lost from\n{text}");

            // To Python a blank before the colon begins the body; to us and to servers it is a field, and stays in the header.
            missing[1].Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Where(word => !IsHeaderToUs(protectedOnes[i], word))
                .ShouldBeEmpty($"left outside from\n{text}");
        }
    }

    private static bool IsHeaderToUs(byte[] message, string word)
    {
        Entity.TryParse(message, MimeLimits.Standard, out var entity, out _).ShouldBeTrue();
        return Encoding.UTF8.GetString(entity.Header.Raw.Span).Contains(word, StringComparison.Ordinal);
    }

    private (ReadOnlyMemory<byte> Outer, ReadOnlyMemory<byte> Inside)? Protect(Entity message, int way)
    {
        var sign = new SignOptions { With = ["own"], Form = way == 1 ? SignatureForm.Opaque : SignatureForm.Clear, ProtectHeaders = way == 2 };
        var decision = new Decision("rule", DecisionAction.Protect, sign, AlreadyProtected.Keep) { SignsInside = true };
        var outcome = way == 3 ? Encrypt(message, decision) : Protector.Sign(_envelope, message, decision, Credentials());
        if (outcome.Fault is not null)
        {
            outcome.IsPermanent.ShouldBeTrue(outcome.Fault);
            return null;
        }

        Entity.TryParse(outcome.Messages.Single().Content, MimeLimits.Standard, out var after, out _).ShouldBeTrue();
        return (after.Header.Raw, Inside(after));
    }

    private static ReadOnlyMemory<byte> Inside(Entity after)
    {
        if (MultipartSigned.TryRead(after, out var part, out _, out _))
        {
            return part;
        }

        Pkcs7Mime.TryRead(after, out var cms, out _).ShouldBeTrue();
        if (SignedData.TryRead(cms, out var signed, out _))
        {
            return signed.Content!.Value.ToArray();
        }

        EnvelopedData.TryRead(cms, out var enveloped, out _).ShouldBeTrue();
        enveloped!.TryDecrypt([Recipient.Certificate], allowWeakCiphers: false, out var content, out _).ShouldBeTrue();
        return content;
    }

    private ProtectionOutcome Encrypt(Entity message, Decision decision)
    {
        var located = new LocatedRecipient("alice@example.com", [Recipient.Key], [], []) { Recipient = _envelope.Recipients[0] };
        var terms = new EncryptTerms(new EncryptOptions { To = ["x"] }, new EncryptionOptions());
        return Protector.TryBegin(
            _envelope, message, decision with { Sign = null, SignsInside = false, Encrypt = terms }, credentials: null, out var versions, out var failure)
            ? versions.Make(new EncryptionGroup([located], Author: null, ContentCipher.Aes128Cbc, "", IsBlind: false))
            : failure;
    }

    private static Credentials Credentials()
    {
        return new Credentials(new OwnCertificate("own", "file", Alice, [], CertificateTraits.Read(Alice)), Signer);
    }

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;

    private static class Recipient
    {
        public static X509Certificate2 Certificate { get; } = TestPki.Issue("bob@example.net", KeyKind.EcP256);

        public static CmsRecipient Key { get; } = Make();

        private static CmsRecipient Make()
        {
            CmsRecipient.TryCreate(Certificate, KeyTransport.RsaPkcs1, RecipientNaming.IssuerAndSerial, out var key, out _).ShouldBeTrue();
            return key!;
        }
    }
}
