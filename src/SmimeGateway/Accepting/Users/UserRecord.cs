using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using SmimeGateway.Smtp.Sasl;

namespace SmimeGateway.Accepting.Users;

/// <summary>
/// The text that stands for a user's password, in the form that other mail servers and directories use as well (RFC 5803 with the
/// iterations and the salt first): <c>SCRAM-SHA-256$iterations:salt$StoredKey:ServerKey</c>, the last three in base64.
/// </summary>
public static class UserRecord
{
    private const string Scheme = "SCRAM-SHA-256";
    private const int KeyLength = 32;
    private const int MaxSaltLength = 1024;

    /// <summary>Writes credentials.</summary>
    public static string Write(ScramCredentials credentials)
    {
        ArgumentNullException.ThrowIfNull(credentials);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Scheme}${credentials.Iterations}:{Text(credentials.Salt)}${Text(credentials.StoredKey)}:{Text(credentials.ServerKey)}");
    }

    /// <summary>Reads credentials; false for every text that <see cref="Write"/> would not have written.</summary>
    public static bool TryRead(string text, [NotNullWhen(true)] out ScramCredentials? credentials)
    {
        ArgumentNullException.ThrowIfNull(text);
        credentials = null;
        if (text.Split('$') is not [Scheme, var derivation, var keys]
            || derivation.Split(':') is not [var rounds, var salt]
            || keys.Split(':') is not [var storedKey, var serverKey]
            || !int.TryParse(rounds, NumberStyles.None, CultureInfo.InvariantCulture, out var iterations)
            || iterations is < ScramCredentials.MinIterations or > ScramCredentials.MaxIterations
            || Bytes(salt) is not { Length: > 0 and <= MaxSaltLength } saltBytes
            || Bytes(storedKey) is not { Length: KeyLength } storedKeyBytes
            || Bytes(serverKey) is not { Length: KeyLength } serverKeyBytes)
        {
            return false;
        }

        credentials = new ScramCredentials(iterations, saltBytes, storedKeyBytes, serverKeyBytes);
        return true;
    }

    private static string Text(ReadOnlyMemory<byte> bytes) => Convert.ToBase64String(bytes.Span);

    private static byte[]? Bytes(string text)
    {
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length) ? bytes[..length] : null;
    }
}
