namespace SmimeGateway.Cms;

/// <summary>One capability a partner announced: an algorithm and, for some, its DER parameters (RFC 8551 section 2.5.2).</summary>
/// <param name="Oid">The algorithm in dotted form.</param>
/// <param name="Parameters">The encoded parameters; empty where the algorithm has none.</param>
public sealed record SmimeCapability(string Oid, ReadOnlyMemory<byte> Parameters = default)
{
    /// <summary>The algorithm's usual name, or its dotted form where it has none here.</summary>
    public string Name => Oid switch
    {
        Oids.Aes128Cbc => "AES-128-CBC",
        Oids.Aes192Cbc => "AES-192-CBC",
        Oids.Aes256Cbc => "AES-256-CBC",
        Oids.Aes128Gcm => "AES-128-GCM",
        Oids.Aes192Gcm => "AES-192-GCM",
        Oids.Aes256Gcm => "AES-256-GCM",
        Oids.TripleDesCbc => "3DES-CBC",
        Oids.Rc2Cbc => "RC2-CBC",
        Oids.DesCbc => "DES-CBC",
        _ => Oid,
    };

    /// <summary>Capabilities are equal when the algorithm and the bytes of its parameters are.</summary>
    public bool Equals(SmimeCapability? other) =>
        other is not null && Oid == other.Oid && Parameters.Span.SequenceEqual(other.Parameters.Span);

    /// <inheritdoc/>
    public override int GetHashCode() => Oid.GetHashCode(StringComparison.Ordinal);
}
