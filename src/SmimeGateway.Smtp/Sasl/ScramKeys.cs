using System.Security.Cryptography;
using System.Text;

namespace SmimeGateway.Smtp.Sasl;

/// <summary>The keys of SCRAM-SHA-256 (RFC 5802 section 3).</summary>
internal static class ScramKeys
{
    /// <summary>Octets of each key.</summary>
    public const int Length = 32;

    /// <summary>Hi(Normalize(password), salt, i).</summary>
    public static byte[] SaltedPassword(string password, ReadOnlySpan<byte> salt, int iterations) =>
        Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(Normalize(password)), salt, iterations, HashAlgorithmName.SHA256, Length);

    /// <summary>HMAC(SaltedPassword, "Client Key").</summary>
    public static byte[] ClientKey(ReadOnlySpan<byte> saltedPassword) => HMACSHA256.HashData(saltedPassword, "Client Key"u8);

    /// <summary>H(ClientKey).</summary>
    public static byte[] StoredKey(ReadOnlySpan<byte> clientKey) => SHA256.HashData(clientKey);

    /// <summary>HMAC(SaltedPassword, "Server Key").</summary>
    public static byte[] ServerKey(ReadOnlySpan<byte> saltedPassword) => HMACSHA256.HashData(saltedPassword, "Server Key"u8);

    // RFC 7677 asks for SASLprep; the framework has no such profile, and NFKC is the part of it that makes equal passwords equal.
    private static string Normalize(string password)
    {
        try
        {
            return password.Normalize(NormalizationForm.FormKC);
        }
        catch (ArgumentException)
        {
            // Broken surrogates: such a password matches itself at best.
            return password;
        }
    }
}
