using System.Buffers;
using System.Security.Cryptography.X509Certificates;
using SmimeGateway.Cms.Algorithms;

namespace SmimeGateway.Cms.Reading.Signatures;

/// <summary>
/// Reads what a signer produced as a receiver would, with the one shortcut that the public key is taken from the known certificate
/// instead of from the message: loading a certificate costs more than everything else here.
/// </summary>
internal sealed class OwnSignatureCheck : IDisposable
{
    private readonly VerificationKey _key;
    private readonly byte[] _certificate;
    private readonly byte[] _issuer;
    private readonly byte[] _serialNumber;
    private readonly byte[][] _enclosed;

    public OwnSignatureCheck(X509Certificate2 certificate, IEnumerable<X509Certificate2> enclosed)
    {
        _key = VerificationKey.Find(certificate, out var fault) ?? throw new ArgumentException(fault?.Reason, nameof(certificate));
        _certificate = certificate.RawData;
        _issuer = certificate.IssuerName.RawData;
        _serialNumber = certificate.SerialNumberBytes.ToArray();
        _enclosed = [.. enclosed.Select(other => other.RawData)];
    }

    /// <summary>Null if the bytes are one SignedData, nothing more, with one signature of this signer that is good over the content.</summary>
    public CmsFault? Check(ReadOnlyMemory<byte> cms, in ReadOnlySequence<byte> content, bool encapsulated)
    {
        if (!SignedData.TryRead(cms, out var signedData, out var fault))
        {
            return fault;
        }

        if (signedData.EncodedLength != cms.Length)
        {
            return new CmsFault(CmsFaultKind.Malformed, "Bytes follow the SignedData.");
        }

        if (signedData.Content.HasValue != encapsulated)
        {
            return new CmsFault(
                CmsFaultKind.ContentMismatch,
                encapsulated ? "The content is not inside the signature." : "The content is inside the signature.");
        }

        if (signedData.Signers is not [var signer])
        {
            return new CmsFault(CmsFaultKind.NoSigner, "There is not exactly one signer.");
        }

        if (!AreEnclosed(signedData.Enclosed))
        {
            return new CmsFault(CmsFaultKind.SignerCertificateMissing, "The enclosed certificates are not those that were to be sent.");
        }

        return signer.Identifier.Issuer.Span.SequenceEqual(_issuer) && signer.Identifier.SerialNumber.Span.SequenceEqual(_serialNumber)
            ? signer.Verify(content, _key, _certificate)
            : new CmsFault(CmsFaultKind.SignerCertificateMissing, "The signature names another certificate than its signer's.");
    }

    // A receiver will load them, so what was not loaded here must at least be what once was.
    private bool AreEnclosed(IReadOnlyList<EnclosedCertificate> found) =>
        found.Count <= _enclosed.Length
        && Array.TrueForAll(
            _enclosed, certificate => found.Any(enclosed => enclosed.Encoded.Span.SequenceEqual(certificate)));

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();
}
