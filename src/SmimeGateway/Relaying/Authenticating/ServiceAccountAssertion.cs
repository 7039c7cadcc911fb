using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using SmimeGateway.Smtp.Client;

namespace SmimeGateway.Relaying.Authenticating;

/// <summary>The signed statement by which a service account asks for a token on behalf of a mailbox (RFC 7523 section 3).</summary>
internal static class ServiceAccountAssertion
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    /// <summary>Writes and signs the statement.</summary>
    /// <param name="keyFile">The JSON key of the account, as its provider hands it out.</param>
    /// <param name="user">The mailbox.</param>
    /// <param name="options">Endpoint and scope.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="CredentialsUnavailableException">The key cannot be used.</exception>
    public static string Write(string keyFile, string user, RouteTokenOptions options, DateTimeOffset now)
    {
        try
        {
            using var key = JsonDocument.Parse(keyFile, new JsonDocumentOptions { MaxDepth = 8 });
            var account = key.RootElement.GetProperty("client_email").GetString()!;
            var claims = new Dictionary<string, object>
            {
                ["iss"] = account,
                ["sub"] = user,
                ["aud"] = options.Endpoint,
                ["iat"] = now.ToUnixTimeSeconds(),
                ["exp"] = (now + Lifetime).ToUnixTimeSeconds(),
            };
            if (options.Scope is { } scope)
            {
                claims["scope"] = scope;
            }

            var header = new Dictionary<string, string> { ["alg"] = "RS256", ["typ"] = "JWT" };
            if (key.RootElement.TryGetProperty("private_key_id", out var id) && id.GetString() is { } keyId)
            {
                header["kid"] = keyId;
            }

            using var rsa = RSA.Create();
            rsa.ImportFromPem(key.RootElement.GetProperty("private_key").GetString());
            var statement = $"{Encode(JsonSerializer.SerializeToUtf8Bytes(header))}.{Encode(JsonSerializer.SerializeToUtf8Bytes(claims))}";
            return $"{statement}.{Encode(rsa.SignData(Encoding.ASCII.GetBytes(statement), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or ArgumentException or CryptographicException)
        {
            // The inner message may quote the key.
            throw new CredentialsUnavailableException("Logging in is not possible: the key of the service account is not the JSON file that its provider hands out.");
        }
    }

    private static string Encode(ReadOnlySpan<byte> bytes) => Base64Url.EncodeToString(bytes);
}
