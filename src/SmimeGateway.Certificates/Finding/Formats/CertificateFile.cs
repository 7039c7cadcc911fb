using System.Buffers;
using System.Buffers.Text;
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SmimeGateway.Certificates.Finding.Formats;

/// <summary>
/// The certificates of a file whose kind is told from its content, as names such as <c>.cer</c> and <c>.crt</c> are used for all of them:
/// one certificate in DER, PEM blocks of certificates and PKCS #7 collections, either of them in bare Base64, a PKCS #7 collection
/// in BER, or a store that Windows exported.
/// </summary>
internal sealed class CertificateFile
{
    private readonly List<X509Certificate2> _certificates = [];

    private CertificateFile()
    {
    }

    /// <summary>The certificates that can be read, in the order of the file.</summary>
    public IReadOnlyList<X509Certificate2> Certificates => _certificates;

    /// <summary>How many parts of the file are no certificates, or damaged ones; the others remain good.</summary>
    public int Unreadable { get; private set; }

    /// <summary>Reads a file; never throws for what stands in it.</summary>
    public static CertificateFile Read(ReadOnlyMemory<byte> file)
    {
        var read = new CertificateFile();
        if (SerializedStore.IsOne(file.Span))
        {
            read.TakeStore(file);
            return read;
        }

        var blocks = PemBlock.ReadAll(file.Span, out var isCutOff);
        if (blocks.Count == 0 && !isCutOff)
        {
            read.TakeValue(DecodeBase64(file.Span) ?? file);
        }

        read.Unreadable += isCutOff ? 1 : 0;
        foreach (var block in blocks.Where(block => IsWanted(block.Label)))
        {
            read.TakeValue(block.Content);
        }

        return read;
    }

    /// <summary>True where the file may be a PKCS #12 file: a sequence that begins with its version.</summary>
    public static bool MayBePkcs12(ReadOnlySpan<byte> file)
    {
        try
        {
            return AsnDecoder.ReadEncodedValue(file, AsnEncodingRules.BER, out var content, out _, out _) == Asn1Tag.Sequence
                && AsnDecoder.TryReadInt32(file[content..], AsnEncodingRules.BER, out var version, out _)
                && version == 3;
        }
        catch (AsnContentException)
        {
            return false;
        }
    }

    // Keys, requests and parameters stand beside certificates and are passed over.
    private static bool IsWanted(string label)
        => label is "CERTIFICATE" or "X509 CERTIFICATE" or "TRUSTED CERTIFICATE" or "PKCS7" or "CMS" or "PKCS #7 SIGNED DATA";

    private static byte[]? DecodeBase64(ReadOnlySpan<byte> file)
    {
        // DER begins with 0x30, which is a digit and may well be Base64; a second octet of a length is not.
        if (file.Length < 4 || !Base64.IsValid(file))
        {
            return null;
        }

        var decoded = new byte[Base64.GetMaxDecodedFromUtf8Length(file.Length)];
        return Base64.DecodeFromUtf8(file, decoded, out _, out var length) == OperationStatus.Done ? decoded[..length] : null;
    }

    private void TakeStore(ReadOnlyMemory<byte> file)
    {
        var isWhole = SerializedStore.TryRead(file, out var certificates);
        certificates.ForEach(TakeCertificate);
        Unreadable += isWhole ? 0 : 1;
    }

    private void TakeValue(ReadOnlyMemory<byte>? value)
    {
        if (value is not { } bytes)
        {
            Unreadable++;
        }
        else if (Pkcs7Certificates.TryRead(bytes, out var certificates))
        {
            certificates.ForEach(TakeCertificate);
        }
        else
        {
            TakeCertificate(bytes);
        }
    }

    private void TakeCertificate(ReadOnlyMemory<byte> value)
    {
        try
        {
            // What OpenSSL calls a trusted certificate has more behind it.
            AsnDecoder.ReadEncodedValue(value.Span, AsnEncodingRules.BER, out var start, out var length, out var whole);
            var certificate = X509CertificateLoader.LoadCertificate(value.Span[..whole]);

            // Read here, where files are read side by side; everybody after this finds the traits in the cache.
            _ = CertificateTraits.Read(certificate);
            _certificates.Add(certificate);
        }
        catch (Exception exception) when (exception is CryptographicException or AsnContentException)
        {
            Unreadable++;
        }
    }
}
