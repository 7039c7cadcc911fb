using System.Buffers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using BenchmarkDotNet.Attributes;
using SmimeGateway.Cms;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Benchmarks;

/// <summary>What signing a message of 10 KB costs beyond the bare operation of the private key, and reading it back.</summary>
[MemoryDiagnoser]
#pragma warning disable CA1001 // The benchmark runner derives from the class and tells it by GlobalCleanup when to dispose.
public class CmsBenchmarks
#pragma warning restore CA1001
{
    private readonly byte[] _content = new byte[10_240];
    private readonly byte[] _digest = new byte[32];
    private readonly byte[] _signature = new byte[512];
    private AsymmetricAlgorithm _key = null!;
    private Signer _signer = null!;
    private byte[] _detached = null!;
    private byte[] _encapsulated = null!;

    /// <summary>The signer's key.</summary>
    [Params(KeyKind.Rsa2048, KeyKind.EcP256)]
    public KeyKind Key { get; set; }

    private ReadOnlySequence<byte> Content => new(_content);

    /// <summary>Makes the signer.</summary>
    [GlobalSetup]
    public void Prepare()
    {
        var certificate = TestPki.Issue("alice@example.com", Key);
        _key = certificate.GetRSAPrivateKey() ?? (AsymmetricAlgorithm)certificate.GetECDsaPrivateKey()!;
        _signer = new Signer(certificate, new SignerOptions { Chain = [TestPki.Intermediate] });
        _detached = _signer.SignDetached(Content, TestPki.Now);
        _encapsulated = _signer.SignEncapsulated(Content, TestPki.Now).ToArray();
    }

    /// <summary>Lets the keys go.</summary>
    [GlobalCleanup]
    public void Release()
    {
        _signer.Dispose();
        _key.Dispose();
    }

    /// <summary>The floor.</summary>
    [Benchmark(Baseline = true)]
    public int BareSignature() => _key is RSA rsa
        ? rsa.SignHash(_digest, _signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
        : ((ECDsa)_key).SignHash(_digest, _signature, DSASignatureFormat.Rfc3279DerSequence);

    /// <summary>A clear signature.</summary>
    [Benchmark]
    public byte[] SignDetached() => _signer.SignDetached(Content, TestPki.Now);

    /// <summary>An opaque one.</summary>
    [Benchmark]
    public ReadOnlySequence<byte> SignEncapsulated() => _signer.SignEncapsulated(Content, TestPki.Now);

    /// <summary>Reading a clear signature back before the message is accepted.</summary>
    [Benchmark]
    public CmsFault? VerifyOwn() => _signer.VerifyOwn(_detached, Content);

    /// <summary>Reading an opaque one back.</summary>
    [Benchmark]
    public CmsFault? VerifyOwnEncapsulated() => _signer.VerifyOwnEncapsulated(_encapsulated, Content);

    /// <summary>What verifying costs where the certificate must be loaded from the message.</summary>
    [Benchmark]
    public CmsFault? VerifyForeign() =>
        SignedData.TryRead(_detached, out var signedData, out var fault) ? signedData.Verify(Content) : fault;
}
