using System.Buffers;
using System.Formats.Asn1;
using SmimeGateway.Cms.Algorithms;

namespace SmimeGateway.Cms.Reading.Signatures;

/// <summary>Verifies one signer's signature step by step (RFC 5652 sections 5.4 to 5.6), the first thing that is wrong being the fault.</summary>
internal sealed class SignatureCheck(
    string contentType,
    DigestAlgorithm digest,
    SignatureAlgorithm algorithm,
    SignedAttributes? attributes,
    ReadOnlyMemory<byte> signature,
    CmsLimits limits)
{
    private const byte SetTag = 0x31;
    private const int StackBytes = 1024;

    /// <summary>Whether the content is the one the attributes speak of, as far as that shows without the signer's key; null if it is.</summary>
    public CmsFault? CheckContent(in ReadOnlySequence<byte> content)
    {
        if (attributes is null)
        {
            return CheckWithoutAttributes(content);
        }

        try
        {
            // An invalid time is worth as much as an invalid digest: the attribute is signed, and shown to people.
            attributes.FindSigningTime();
            if (attributes.FindContentType() is not { } signedType || attributes.FindMessageDigest() is not { } signedDigest)
            {
                return new CmsFault(CmsFaultKind.AttributeInvalid, "The signed attributes lack the content type or the message digest.");
            }

            if (signedType != contentType)
            {
                return new CmsFault(
                    CmsFaultKind.ContentTypeMismatch, $"The content is of type {contentType}, but {signedType} was signed.");
            }

            Span<byte> computed = stackalloc byte[DigestAlgorithm.MaxLength];
            return digest.Compute(content, computed).SequenceEqual(signedDigest)
                ? null
                : new CmsFault(CmsFaultKind.DigestMismatch, "The content is not the one that was signed.");
        }
        catch (AsnContentException)
        {
            return new CmsFault(CmsFaultKind.AttributeInvalid, "A signed attribute is malformed.");
        }
        catch (CmsFaultException exception)
        {
            return exception.Fault;
        }
    }

    /// <summary>Whether the key made the signature, and the attributes name its certificate; null if so.</summary>
    public CmsFault? CheckSignature(in ReadOnlySequence<byte> content, VerificationKey key, ReadOnlySpan<byte> certificate)
    {
        if (attributes is null)
        {
            return key.Verify(algorithm, digest, content, signature.Span);
        }

        try
        {
            return (VerifyAsSent(key, attributes.Encoded.Span) is { } fault
                    ? VerifyNormalized(key, attributes.Encoded.Span, fault)
                    : null)
                ?? SigningCertificateCheck.Check(attributes, certificate);
        }
        catch (AsnContentException)
        {
            return new CmsFault(CmsFaultKind.AttributeInvalid, "A signed attribute is malformed.");
        }
        catch (CmsFaultException exception)
        {
            return exception.Fault;
        }
    }

    // A signature without attributes over bytes that look like attributes may have been made over attributes, and been stripped of
    // them to pass them off as content.
    private CmsFault? CheckWithoutAttributes(in ReadOnlySequence<byte> content)
    {
        if (contentType != Oids.Data)
        {
            return new CmsFault(
                CmsFaultKind.AttributeInvalid, $"Content of type {contentType} must be signed with attributes.");
        }

        if (content.IsEmpty || content.FirstSpan[0] != SetTag || content.Length > limits.MaxAttributeBytes)
        {
            return null;
        }

        try
        {
            return SignedAttributes.Read(content.ToArray(), limits).HaveContentTypeAndDigest
                ? new CmsFault(CmsFaultKind.AttributeInvalid, "The content is a set of signed attributes taken from another signature.")
                : null;
        }
        catch (Exception exception) when (exception is AsnContentException or CmsFaultException)
        {
            return null;
        }
    }

    // Nearly everybody sends the attributes in the DER that was signed, so these bytes are tried first, under the tag of a set.
    private CmsFault? VerifyAsSent(VerificationKey key, ReadOnlySpan<byte> sent)
    {
        var set = sent.Length <= StackBytes ? stackalloc byte[sent.Length] : new byte[sent.Length];
        sent.CopyTo(set);
        set[0] = SetTag;
        return key.Verify(algorithm, digest, set, signature.Span);
    }

    // Those who send BER, or an unsorted set, have signed its DER (RFC 5652 section 5.4).
    private CmsFault? VerifyNormalized(VerificationKey key, ReadOnlySpan<byte> sent, CmsFault fault)
    {
        if (fault.Kind != CmsFaultKind.SignatureMismatch)
        {
            return fault;
        }

        var set = sent.ToArray();
        set[0] = SetTag;
        var normalized = DerNormalizer.Normalize(set, limits.MaxDepth);
        return normalized.AsSpan().SequenceEqual(set) ? fault : key.Verify(algorithm, digest, normalized, signature.Span);
    }
}
