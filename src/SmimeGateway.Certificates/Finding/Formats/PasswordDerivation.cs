using System.Diagnostics.CodeAnalysis;
using System.Formats.Asn1;

namespace SmimeGateway.Certificates.Finding.Formats;

/// <summary>
/// Looks at how often a password would have to be hashed before anything hashes it: the number stands in the file, and a hostile or damaged
/// one costs hours.
/// </summary>
internal static class PasswordDerivation
{
    /// <summary>About a second; the largest numbers in use are a million (Apple) and 600,000 (OWASP's advice for PBKDF2 with SHA-256).</summary>
    public const int MaxIterations = 2_000_000;

    private const string Pbes2 = "1.2.840.113549.1.5.13";
    private const string Pbkdf2 = "1.2.840.113549.1.5.12";
    private const string Pbes1Prefix = "1.2.840.113549.1.5.";
    private const string Pkcs12Prefix = "1.2.840.113549.1.12.1.";

    /// <summary>Judges an EncryptedPrivateKeyInfo (RFC 5208): a sequence that begins with the algorithm.</summary>
    public static bool IsAffordable(ReadOnlyMemory<byte> encryptedKey, [NotNullWhen(false)] out string? reason)
    {
        try
        {
            return IsAffordable(new AsnReader(encryptedKey, AsnEncodingRules.BER).ReadSequence(), out reason);
        }
        catch (AsnContentException)
        {
            reason = "the encrypted private key is damaged";
            return false;
        }
    }

    /// <summary>Judges the AlgorithmIdentifier that the reader stands before.</summary>
    /// <exception cref="AsnContentException">It is none.</exception>
    public static bool IsAffordable(AsnReader reader, [NotNullWhen(false)] out string? reason)
    {
        var algorithm = reader.ReadSequence();
        var identifier = algorithm.ReadObjectIdentifier();
        if (identifier == Pbes2)
        {
            algorithm = algorithm.ReadSequence().ReadSequence();
            if (algorithm.ReadObjectIdentifier() != Pbkdf2)
            {
                reason = "it is encrypted in a way that is not supported";
                return false;
            }
        }
        else if (!identifier.StartsWith(Pbes1Prefix, StringComparison.Ordinal) && !identifier.StartsWith(Pkcs12Prefix, StringComparison.Ordinal))
        {
            reason = "it is encrypted in a way that is not supported";
            return false;
        }

        var parameters = algorithm.ReadSequence();
        _ = parameters.ReadEncodedValue();
        return IsAffordableNumber(parameters.ReadIntegerBytes(), out reason);
    }

    /// <summary>Judges a number of iterations.</summary>
    public static bool IsAffordableNumber(ReadOnlyMemory<byte> iterations, [NotNullWhen(false)] out string? reason)
    {
        var number = new System.Numerics.BigInteger(iterations.Span, isUnsigned: false, isBigEndian: true);
        reason = number < 1 || number > MaxIterations
            ? $"its password would have to be hashed more than {MaxIterations} times, or less than once"
            : null;
        return reason is null;
    }
}
