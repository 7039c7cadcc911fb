using System.Buffers;
using System.Security.Cryptography;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Cms.Tests.Interop;

/// <summary>One way of signing.</summary>
public sealed record Combination(Form Form, string Digest, SignaturePadding Padding, KeyKind Key)
{
    /// <summary>Every way there is: padding matters to RSA keys only.</summary>
    public static IReadOnlyList<Combination> All { get; } =
    [
        .. from key in Enum.GetValues<KeyKind>()
           from padding in TestKeys.IsElliptic(key) ? [SignaturePadding.Pkcs1] : Enum.GetValues<SignaturePadding>()
           from digest in new[] { "SHA1", "SHA256", "SHA384", "SHA512" }
           from form in Enum.GetValues<Form>()
           select new Combination(form, digest, padding, key),
    ];

    /// <summary>The algorithm's name for people.</summary>
    public string KeyName => Key switch
    {
        KeyKind.Rsa2048 => "RSA-2048",
        KeyKind.Rsa3072 => "RSA-3072",
        KeyKind.Rsa4096 => "RSA-4096",
        KeyKind.EcP256 => "ECDSA P-256",
        KeyKind.EcP384 => "ECDSA P-384",
        _ => "ECDSA P-521",
    };

    /// <summary>The padding's name for people.</summary>
    public string PaddingName => TestKeys.IsElliptic(Key) ? "-" : Padding == SignaturePadding.Pss ? "PSS" : "PKCS#1 v1.5";

    /// <summary>The digest's name for people.</summary>
    public string DigestName => Digest.Insert(3, "-");

    /// <summary>Signs the content this way.</summary>
    public byte[] Sign(byte[] content)
    {
        var options = new SignerOptions { Digest = new HashAlgorithmName(Digest), Padding = Padding, Chain = TestPki.Chain };
        using var signer = new Signer(TestPki.Issue("alice@example.com", Key), options);
        var sequence = new ReadOnlySequence<byte>(content);
        return Form == Form.Clear
            ? signer.SignDetached(sequence, Some.Time)
            : signer.SignEncapsulated(sequence, Some.Time).ToArray();
    }
}
