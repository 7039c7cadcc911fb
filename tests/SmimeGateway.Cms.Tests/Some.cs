using System.Buffers;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Cms.Tests;

/// <summary>Arbitrary values that no test depends on in detail.</summary>
internal static class Some
{
    public static DateTimeOffset Time => TestPki.Now;

    public static byte[] Content { get; } = Encoding.ASCII.GetBytes("Content-Type: text/plain\r\n\r\nA message of two\r\nlines.\r\n");

    public static ReadOnlySequence<byte> ContentSequence => new(Content);

    public static Signer Signer(SignerOptions? options = null) => new(Certificate, options ?? new SignerOptions());

    public static X509Certificate2 Certificate { get; } = TestPki.Issue("alice@example.com");

    public static SignedData Read(ReadOnlyMemory<byte> cms)
    {
        SignedData.TryRead(cms, out var signedData, out var fault).ShouldBeTrue(fault?.Reason);
        return signedData!;
    }

    public static CmsFault ReadFault(ReadOnlyMemory<byte> cms)
    {
        SignedData.TryRead(cms, out _, out var fault).ShouldBeFalse();
        return fault!;
    }
}
