using SmimeGateway.Cms;
using SmimeGateway.Deciding.Options;

namespace SmimeGateway.Host.Configuration.Profiles;

/// <summary>
/// The algorithms of the German energy market: "Regelungen zum Übertragungsweg" (RzÜ) of EDI@Energy, which the Bundesnetzagentur makes
/// binding and which follow BSI TR-03116. docs/energy-market.md says which of its versions were read, and which were not at hand.
/// </summary>
internal static class EdiEnergyProfile
{
    /// <summary>The keys of <c>sign</c> that the profile gives a value to.</summary>
    public static readonly IReadOnlyList<string> SignKeys = ["padding", "digest", "whenMissing"];

    /// <summary>The keys of <c>encrypt</c> that the profile gives a value to.</summary>
    public static readonly IReadOnlyList<string> EncryptKeys = ["ciphers", "keyTransport", "includeSender", "compress"];

    // RzÜ 1.5, 5.3: RSASSA-PSS (RFC 4056) with SHA-256 or SHA-512. Nothing leaves unsigned, whatever the default says.
    private const RsaPadding Padding = RsaPadding.Pss;
    private const SignatureDigest Digest = SignatureDigest.Sha256;
    private const WhenCertificateMissing WhenMissing = WhenCertificateMissing.Reject;

    // Nothing but RSAES-OAEP since 2018 (RzÜ of 12 December 2017, 5.5.3). The digest is that of the signature.
    private const KeyTransport Transport = KeyTransport.OaepSha256;

    // AES-128 in GCM is what RzÜ 1.7 and 1.8 came to ask for, in CBC with 128 and 256 bits what was allowed until then. The first of the
    // list is used, the others only for partners who announced that they read no GCM.
    private static readonly ContentCipher[] Ciphers = [ContentCipher.Aes128Gcm, ContentCipher.Aes128Cbc, ContentCipher.Aes256Cbc];

    /// <summary>The options with the profile's values in place of those that are not written.</summary>
    public static SignOptions Fill(SignOptions sign, Func<string, bool> isWritten) => sign with
    {
        Padding = isWritten("padding") ? sign.Padding : Padding,
        Digest = isWritten("digest") ? sign.Digest : Digest,
        WhenMissing = isWritten("whenMissing") ? sign.WhenMissing : WhenMissing,
    };

    /// <summary>The options with the profile's values in place of those that are not written.</summary>
    public static EncryptOptions Fill(EncryptOptions encrypt, Func<string, bool> isWritten) => encrypt with
    {
        Ciphers = isWritten("ciphers") ? encrypt.Ciphers : Ciphers,
        KeyTransport = isWritten("keyTransport") ? encrypt.KeyTransport : Transport,

        // One mailbox writes to one mailbox (1:1 communication), and the attachment is compressed already.
        IncludeSender = isWritten("includeSender") ? encrypt.IncludeSender : false,
        Compress = isWritten("compress") ? encrypt.Compress : false,
    };
}
