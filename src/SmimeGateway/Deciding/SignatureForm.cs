namespace SmimeGateway.Deciding;

/// <summary>The shape of a signed message.</summary>
public enum SignatureForm
{
    /// <summary>multipart/signed: readable by clients without S/MIME too.</summary>
    Clear,

    /// <summary>application/pkcs7-mime: the content lies inside the signature, safe from changes in transit.</summary>
    Opaque,
}
