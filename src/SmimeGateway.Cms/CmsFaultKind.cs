namespace SmimeGateway.Cms;

/// <summary>The place where reading or verifying a CMS object broke.</summary>
public enum CmsFaultKind
{
    /// <summary>The bytes are not the BER or DER that the structure asks for.</summary>
    Malformed,

    /// <summary>The object is well formed, but larger or with more elements than the limits allow.</summary>
    LimitExceeded,

    /// <summary>The object is CMS of another content type than SignedData.</summary>
    NotSignedData,

    /// <summary>The object is CMS of another content type than EnvelopedData and AuthEnvelopedData.</summary>
    NotEnvelopedData,

    /// <summary>The object is CMS of another content type than CompressedData.</summary>
    NotCompressedData,

    /// <summary>Nobody signed: the object carries certificates only, or nothing.</summary>
    NoSigner,

    /// <summary>Neither a content inside the object nor one beside it was given.</summary>
    ContentMissing,

    /// <summary>The object carries a content that differs from the one beside it.</summary>
    ContentMismatch,

    /// <summary>The certificate that the signer names is not in the object.</summary>
    SignerCertificateMissing,

    /// <summary>The signer's certificate, or its public key, cannot be read.</summary>
    SignerCertificateUnreadable,

    /// <summary>The digest, signature or key algorithm is not one this library can verify.</summary>
    UnsupportedAlgorithm,

    /// <summary>The algorithms that the signer names contradict each other or the signer's key.</summary>
    AlgorithmMismatch,

    /// <summary>A signed attribute is missing, repeated, or not of its prescribed form.</summary>
    AttributeInvalid,

    /// <summary>The content-type attribute differs from the type of the content.</summary>
    ContentTypeMismatch,

    /// <summary>The content is not the one that was signed.</summary>
    DigestMismatch,

    /// <summary>The signature was not made by the signer's key over these attributes or this content.</summary>
    SignatureMismatch,

    /// <summary>The signing-certificate attribute names another certificate than the signer's.</summary>
    SigningCertificateMismatch,

    /// <summary>Nothing can be encrypted to the key of a certificate.</summary>
    RecipientKeyUnusable,

    /// <summary>The key of a certificate cannot make signatures of the kind that is asked for.</summary>
    SignerKeyUnusable,

    /// <summary>The key of a certificate failed to make a signature, or made a wrong one.</summary>
    SignerKeyBroken,

    /// <summary>The object is for others than those it was made for.</summary>
    RecipientMismatch,

    /// <summary>The content is encrypted to none of the keys that are at hand.</summary>
    NoMatchingKey,

    /// <summary>The content is encrypted by a cipher that is too weak to be read unless it is asked for.</summary>
    WeakCipher,

    /// <summary>The content cannot be decrypted: key, padding or tag is wrong, and nobody is told which.</summary>
    DecryptionFailed,

    /// <summary>The compressed content is damaged.</summary>
    DecompressionFailed,
}
