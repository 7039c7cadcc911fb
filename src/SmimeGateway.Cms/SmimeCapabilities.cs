using System.Diagnostics.CodeAnalysis;
using System.Formats.Asn1;

namespace SmimeGateway.Cms;

/// <summary>What one side of a correspondence can read, the preferred first (RFC 8551 section 2.5.2).</summary>
public sealed class SmimeCapabilities
{
    // A list longer than this is no announcement of a mail program.
    private const int MaxCapabilities = 100;

    private static readonly string[] WeakCiphers = [Oids.TripleDesCbc, Oids.Rc2Cbc, Oids.DesCbc];

    private static readonly ContentCipher[] AllCiphers = Enum.GetValues<ContentCipher>();

    private readonly SmimeCapability[] _all;

    /// <summary>Capabilities in order of preference.</summary>
    public SmimeCapabilities(IEnumerable<SmimeCapability> inOrderOfPreference) => _all = [.. inOrderOfPreference];

    /// <summary>
    /// AES in CBC alone, which every mail program of the last fifteen years reads. A sender takes the first entry that it knows (RFC 8551
    /// section 2.7.1.1), and most programs show nothing, not even an error, of authenticated encryption.
    /// </summary>
    public static SmimeCapabilities ReadByAll { get; } = Of([ContentCipher.Aes256Cbc, ContentCipher.Aes192Cbc, ContentCipher.Aes128Cbc]);

    /// <summary>All capabilities in order of preference.</summary>
    public IReadOnlyList<SmimeCapability> All => _all;

    /// <summary>Whether the algorithm is among them, whatever its parameters.</summary>
    public bool Include(string oid) => Array.Exists(_all, capability => capability.Oid == oid);

    /// <summary>Whether any content-encryption algorithm is among them; a list without one tells nothing about ciphers.</summary>
    public bool NameCiphers => Ciphers.Count > 0 || WeakCiphers.Any(Include);

    /// <summary>The ciphers among them that can be written, in their order, each once; parameters make no difference to AES.</summary>
    public IReadOnlyList<ContentCipher> Ciphers =>
        [.. _all.SelectMany(capability => AllCiphers.Where(cipher => OidOf(cipher) == capability.Oid)).Distinct()];

    /// <summary>The capabilities of whoever reads these ciphers, in their order.</summary>
    public static SmimeCapabilities Of(IEnumerable<ContentCipher> inOrderOfPreference) =>
        new(inOrderOfPreference.Select(cipher => new SmimeCapability(OidOf(cipher))));

    /// <summary>Reads the value of the attribute or of the certificate extension of the same name; false with a fault if it is malformed.</summary>
    public static bool TryRead(
        ReadOnlyMemory<byte> encoded,
        [NotNullWhen(true)] out SmimeCapabilities? capabilities,
        [NotNullWhen(false)] out CmsFault? fault)
    {
        capabilities = null;
        fault = null;
        try
        {
            var list = new AsnReader(encoded, AsnEncodingRules.BER).ReadSequence();
            var read = new List<SmimeCapability>();
            while (list.HasData)
            {
                if (read.Count == MaxCapabilities)
                {
                    fault = new CmsFault(CmsFaultKind.LimitExceeded, $"More than {MaxCapabilities} S/MIME capabilities.");
                    return false;
                }

                var capability = list.ReadSequence();
                var oid = capability.ReadObjectIdentifier();
                read.Add(new SmimeCapability(oid, capability.HasData ? capability.ReadEncodedValue() : default));
            }

            capabilities = new SmimeCapabilities(read);
            return true;
        }
        catch (AsnContentException)
        {
            fault = new CmsFault(CmsFaultKind.Malformed, "The S/MIME capabilities are malformed.");
            return false;
        }
    }

    /// <summary>The DER of the attribute's value.</summary>
    public byte[] Encode()
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            foreach (var capability in _all)
            {
                using (writer.PushSequence())
                {
                    writer.WriteObjectIdentifier(capability.Oid);
                    if (!capability.Parameters.IsEmpty)
                    {
                        writer.WriteEncodedValue(capability.Parameters.Span);
                    }
                }
            }
        }

        return writer.Encode();
    }

    private static string OidOf(ContentCipher cipher) => cipher switch
    {
        ContentCipher.Aes128Cbc => Oids.Aes128Cbc,
        ContentCipher.Aes192Cbc => Oids.Aes192Cbc,
        ContentCipher.Aes256Cbc => Oids.Aes256Cbc,
        ContentCipher.Aes128Gcm => Oids.Aes128Gcm,
        ContentCipher.Aes192Gcm => Oids.Aes192Gcm,
        ContentCipher.Aes256Gcm => Oids.Aes256Gcm,
    };
}
