using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography.X509Certificates;

namespace SmimeGateway.Cms;

/// <summary>An EnvelopedData or AuthEnvelopedData as it was received (RFC 5652 section 6, RFC 5083).</summary>
public sealed class EnvelopedData
{
    private EnvelopedData(bool isAuthenticated, string cipherName, IReadOnlyList<RecipientInfo> recipients)
    {
        IsAuthenticated = isAuthenticated;
        CipherName = cipherName;
        Recipients = recipients;
    }

    /// <summary>True for AuthEnvelopedData.</summary>
    public bool IsAuthenticated { get; }

    /// <summary>The usual name of the cipher, such as <c>AES-256-CBC</c>, or its object identifier.</summary>
    public string CipherName { get; }

    /// <summary>For whom it is, in its order.</summary>
    public IReadOnlyList<RecipientInfo> Recipients { get; }

    /// <summary>Reads one in BER or DER; false with a fault if the bytes are not one.</summary>
    public static bool TryRead(
        ReadOnlyMemory<byte> berOrDer,
        [NotNullWhen(true)] out EnvelopedData? enveloped,
        [NotNullWhen(false)] out CmsFault? fault) => TryRead(berOrDer, CmsLimits.Standard, out enveloped, out fault);

    /// <summary>Reads one in BER or DER; false with a fault if the bytes are not one or exceed the limits.</summary>
    public static bool TryRead(
        ReadOnlyMemory<byte> berOrDer,
        CmsLimits limits,
        [NotNullWhen(true)] out EnvelopedData? enveloped,
        [NotNullWhen(false)] out CmsFault? fault)
    {
        enveloped = new EnvelopedData(false, $"{berOrDer.Length}{limits}", []);
        fault = null;
        throw new NotSupportedException();
    }

    /// <summary>
    /// Decrypts with the first key that fits: all of the content, or nothing of it. Failures of padding, key and tag look alike.
    /// </summary>
    /// <param name="keys">Certificates with private keys.</param>
    /// <param name="allowWeakCiphers">Whether 3DES, DES and RC2 are read as well.</param>
    /// <param name="content">The content.</param>
    /// <param name="fault">Why there is none.</param>
    public bool TryDecrypt(
        IEnumerable<X509Certificate2> keys,
        bool allowWeakCiphers,
        [NotNullWhen(true)] out byte[]? content,
        [NotNullWhen(false)] out CmsFault? fault) => throw new NotSupportedException($"{keys}{allowWeakCiphers}");
}
