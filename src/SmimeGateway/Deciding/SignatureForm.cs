namespace SmimeGateway.Deciding;

/// <summary>The shape of a signed message.</summary>
public enum SignatureForm
{
    /// <summary>multipart/signed: readable by clients without S/MIME too. Opaque instead where the content would not arrive as it is, which the log tells.</summary>
    Clear,

    /// <summary>application/pkcs7-mime: the content lies inside the signature, safe from changes in transit.</summary>
    Opaque,
}
