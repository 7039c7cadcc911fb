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
    private readonly Own[] _own;
    private readonly byte[][] _enclosed;

    public OwnSignatureCheck(IReadOnlyList<X509Certificate2> own, IEnumerable<X509Certificate2> enclosed)
    {
        _own = [.. own.Select(certificate => new Own(certificate))];
        _enclosed = [.. enclosed.DistinctBy(other => other.Thumbprint, StringComparer.Ordinal).Select(other => other.RawData)];
    }

    /// <summary>Null if the bytes are one SignedData, nothing more, with one signature of each of the certificates and no other, all good over the content.</summary>
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

        if (signedData.Signers.Count != _own.Length)
        {
            return new CmsFault(CmsFaultKind.NoSigner, $"There are {signedData.Signers.Count} signatures, not {_own.Length}.");
        }

        if (!AreEnclosed(signedData.Enclosed))
        {
            return new CmsFault(CmsFaultKind.SignerCertificateMissing, "The enclosed certificates are not those that were to be sent.");
        }

        foreach (var own in _own)
        {
            fault = signedData.Signers.FirstOrDefault(own.IsNamedBy) is { } signer
                ? signer.Verify(content, own.Key, own.Encoded)
                : new CmsFault(CmsFaultKind.SignerCertificateMissing, "The signature names another certificate than its signer's.");
            if (fault is not null)
            {
                return fault;
            }
        }

        return null;
    }

    // A receiver will load them, so what was not loaded here must at least be what once was.
    private bool AreEnclosed(IReadOnlyList<EnclosedCertificate> found) =>
        found.Count <= _enclosed.Length
        && Array.TrueForAll(
            _enclosed, certificate => found.Any(enclosed => enclosed.Encoded.Span.SequenceEqual(certificate)));

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var own in _own)
        {
            own.Key.Dispose();
        }
    }

    private sealed class Own(X509Certificate2 certificate)
    {
        private readonly byte[] _issuer = certificate.IssuerName.RawData;
        private readonly byte[] _serialNumber = certificate.SerialNumberBytes.ToArray();

        public VerificationKey Key { get; } =
            VerificationKey.Find(certificate, out var fault) ?? throw new ArgumentException(fault?.Reason, nameof(certificate));

        public byte[] Encoded { get; } = certificate.RawData;

        public bool IsNamedBy(SignerInfo signer) =>
            signer.Identifier.Issuer.Span.SequenceEqual(_issuer) && signer.Identifier.SerialNumber.Span.SequenceEqual(_serialNumber);
    }
}
