using System.Buffers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using BenchmarkDotNet.Attributes;
using SmimeGateway.Cms;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Benchmarks;

/// <summary>What encrypting a message of 10 KB to one recipient costs beyond the bare operation of the public key, and reading it back.</summary>
[MemoryDiagnoser]
#pragma warning disable CA1001 // The benchmark runner derives from the class and tells it by GlobalCleanup when to dispose.
public class EncryptionBenchmarks
#pragma warning restore CA1001
{
    private readonly byte[] _content = new byte[10_240];
    private readonly byte[] _key = new byte[32];
    private readonly byte[] _encryptedKey = new byte[512];
    private readonly byte[] _destination = new byte[16_384];
    private X509Certificate2 _certificate = null!;
    private CmsRecipient _recipient = null!;
    private ContentEncryption _encryption = null!;
    private Memory<byte> _written;

    /// <summary>The recipient's key.</summary>
    [Params(KeyKind.Rsa2048, KeyKind.EcP256)]
    public KeyKind Key { get; set; }

    /// <summary>The cipher.</summary>
    [Params(ContentCipher.Aes256Cbc, ContentCipher.Aes256Gcm)]
    public ContentCipher Cipher { get; set; }

    /// <summary>Makes the recipient.</summary>
    [GlobalSetup]
    public void Prepare()
    {
        _certificate = TestPki.Issue("alice@example.com", Key);
        _recipient = CmsRecipient.TryCreate(
            _certificate, KeyTransport.RsaPkcs1, RecipientNaming.IssuerAndSerial, out var recipient, out var fault)
            ? recipient
            : throw new InvalidOperationException(fault.Reason);
        _encryption = Begin();
        _written = _destination.AsMemory(0, _encryption.EncodedLength);
        _encryption.Write(_written.Span);
    }

    /// <summary>Lets the keys go.</summary>
    [GlobalCleanup]
    public void Release()
    {
        _encryption.Dispose();
        _recipient.Dispose();
    }

    /// <summary>The floor: RSA, or a key made and agreed upon.</summary>
    [Benchmark(Baseline = true)]
    public int BareKey()
    {
        if (_certificate.GetRSAPublicKey() is { } rsa)
        {
            using (rsa)
            {
                return rsa.Encrypt(_key, _encryptedKey, RSAEncryptionPadding.Pkcs1);
            }
        }

        using var theirs = _certificate.GetECDiffieHellmanPublicKey()!;
        using var ours = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        return ours.DeriveKeyFromHash(theirs.PublicKey, HashAlgorithmName.SHA256).Length;
    }

    /// <summary>A whole encryption, read back as before every acceptance.</summary>
    [Benchmark]
    public CmsFault? EncryptAndCheck()
    {
        using var encryption = Begin();
        var written = _destination.AsMemory(0, encryption.EncodedLength);
        encryption.Write(written.Span);
        return encryption.Check(written);
    }

    /// <summary>The content alone.</summary>
    [Benchmark]
    public void Write() => _encryption.Write(_written.Span);

    /// <summary>Reading back alone.</summary>
    [Benchmark]
    public CmsFault? Check() => _encryption.Check(_written);

    private ContentEncryption Begin() => new(Cipher, [_recipient], new ReadOnlySequence<byte>(_content));
}
