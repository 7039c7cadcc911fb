namespace SmimeGateway.Cms.Algorithms;

/// <summary>A cipher that content is encrypted with here.</summary>
/// <param name="Oid">Its object identifier.</param>
/// <param name="KeyLength">The length of its keys in octets.</param>
/// <param name="IsAuthenticated">True for GCM, which goes into AuthEnvelopedData.</param>
internal sealed record ContentAlgorithm(string Oid, int KeyLength, bool IsAuthenticated)
{
    /// <summary>The length of the longest key here.</summary>
    public const int MaxKeyLength = 32;

    private static readonly ContentAlgorithm Aes128Cbc = new(Oids.Aes128Cbc, 16, IsAuthenticated: false);
    private static readonly ContentAlgorithm Aes192Cbc = new(Oids.Aes192Cbc, 24, IsAuthenticated: false);
    private static readonly ContentAlgorithm Aes256Cbc = new(Oids.Aes256Cbc, 32, IsAuthenticated: false);
    private static readonly ContentAlgorithm Aes128Gcm = new(Oids.Aes128Gcm, 16, IsAuthenticated: true);
    private static readonly ContentAlgorithm Aes192Gcm = new(Oids.Aes192Gcm, 24, IsAuthenticated: true);
    private static readonly ContentAlgorithm Aes256Gcm = new(Oids.Aes256Gcm, 32, IsAuthenticated: true);

    /// <summary>The algorithm of a cipher.</summary>
    public static ContentAlgorithm Of(ContentCipher cipher) => cipher switch
    {
        ContentCipher.Aes128Cbc => Aes128Cbc,
        ContentCipher.Aes192Cbc => Aes192Cbc,
        ContentCipher.Aes256Cbc => Aes256Cbc,
        ContentCipher.Aes128Gcm => Aes128Gcm,
        ContentCipher.Aes192Gcm => Aes192Gcm,
        ContentCipher.Aes256Gcm => Aes256Gcm,
    };
}
