using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography.X509Certificates;
using SmimeGateway.Cms.Reading.Signatures;

namespace SmimeGateway.Cms;

/// <summary>A SignedData as it was received (RFC 5652 section 5); reading it proves nothing until its signers verify.</summary>
public sealed class SignedData
{
    private readonly Lazy<IReadOnlyList<X509Certificate2>> _readableCertificates;

    internal SignedData(SignedDataFields fields, CmsLimits limits)
    {
        Limits = limits;
        ContentType = fields.ContentType;
        Content = fields.Content is { } content ? new ReadOnlySequence<byte>(content) : null;
        EncodedLength = fields.EncodedLength;
        Enclosed = fields.Certificates;
        _readableCertificates = new(() =>
            [.. Enclosed.Select(enclosed => enclosed.Certificate).OfType<X509Certificate2>()]);
        Signers = [.. fields.Signers.Select(signer => new SignerInfo(this, signer))];
    }

    /// <summary>The type of the content in dotted form; mail is always 1.2.840.113549.1.7.1.</summary>
    public string ContentType { get; }

    /// <summary>The content inside the object, or null if it travels beside it.</summary>
    public ReadOnlySequence<byte>? Content { get; }

    /// <summary>All signers; empty in an object that only carries certificates.</summary>
    public IReadOnlyList<SignerInfo> Signers { get; }

    /// <summary>All X.509 certificates that can be read, loaded when first asked for.</summary>
    public IReadOnlyList<X509Certificate2> Certificates => _readableCertificates.Value;

    /// <summary>The size of the object; bytes that follow it belong to nothing.</summary>
    public int EncodedLength { get; }

    internal IReadOnlyList<EnclosedCertificate> Enclosed { get; }

    internal CmsLimits Limits { get; }

    /// <summary>Reads a SignedData in BER or DER; false with a fault if the bytes are not one.</summary>
    public static bool TryRead(
        ReadOnlyMemory<byte> berOrDer,
        [NotNullWhen(true)] out SignedData? signedData,
        [NotNullWhen(false)] out CmsFault? fault) => TryRead(berOrDer, CmsLimits.Standard, out signedData, out fault);

    /// <summary>Reads a SignedData in BER or DER; false with a fault if the bytes are not one or exceed the limits.</summary>
    public static bool TryRead(
        ReadOnlyMemory<byte> berOrDer,
        CmsLimits limits,
        [NotNullWhen(true)] out SignedData? signedData,
        [NotNullWhen(false)] out CmsFault? fault)
    {
        ArgumentNullException.ThrowIfNull(limits);
        signedData = SignedDataFields.TryRead(berOrDer, limits, out var fields, out fault) ? new SignedData(fields, limits) : null;
        return signedData is not null;
    }

    /// <summary>Verifies every signer over the content beside the object, or over its own if that is null; null if all are good.</summary>
    public CmsFault? Verify(ReadOnlySequence<byte>? detachedContent = null)
    {
        if ((detachedContent ?? Content) is not { } content)
        {
            return new CmsFault(CmsFaultKind.ContentMissing, "The signed content is neither inside the signature nor beside it.");
        }

        if (Signers.Count == 0)
        {
            return new CmsFault(CmsFaultKind.NoSigner, "Nobody has signed.");
        }

        return Signers.Select(signer => signer.Verify(content)).FirstOrDefault(fault => fault is not null);
    }

    /// <summary>The certificate that is so named, or null if there is none that can be read.</summary>
    public X509Certificate2? FindCertificate(CertificateIdentifier identifier)
    {
        ArgumentNullException.ThrowIfNull(identifier);
        return Certificates.FirstOrDefault(identifier.Names);
    }

    /// <summary>Whether the content to be verified does not contradict the one inside.</summary>
    internal bool IsContent(in ReadOnlySequence<byte> content)
    {
        if (Content is not { } own || content.Equals(own))
        {
            return true;
        }

        if (content.Length != own.Length)
        {
            return false;
        }

        var rest = own.FirstSpan;
        foreach (var piece in content)
        {
            if (!rest.StartsWith(piece.Span))
            {
                return false;
            }

            rest = rest[piece.Length..];
        }

        return true;
    }
}
