using System.Security.Cryptography;
using System.Text;

namespace SmimeGateway.Smtp.Tests;

/// <summary>The client's side of SCRAM-SHA-256 (RFC 5802), by the book and with nothing of the server's.</summary>
internal static class ScramClient
{
    /// <summary>
    /// Logs in, and returns the last reply. Checks the server's signature on the way, and answers it with an empty line, another, or not at all.
    /// </summary>
    public static async Task<string> LogInAsync(InMemoryDialog dialog, string user, string password, string header = "n,,", string? acknowledgement = "")
    {
        var bare = $"n={user},r=fyko+d2lbbFgONRv9qkxdawL";
        var challenge = await dialog.ExchangeAsync("AUTH SCRAM-SHA-256 " + Encode(header + bare));
        if (!challenge.StartsWith("334 ", StringComparison.Ordinal))
        {
            return challenge;
        }

        var first = Decode(challenge);
        var fields = first.Split(',');
        var salted = Rfc2898DeriveBytes.Pbkdf2(
            password, Convert.FromBase64String(fields[1][2..]), int.Parse(fields[2][2..], null), HashAlgorithmName.SHA256, 32);
        var unproven = $"c={Encode(header)},{fields[0]}";
        var message = Encoding.UTF8.GetBytes($"{bare},{first},{unproven}");
        var clientKey = HMACSHA256.HashData(salted, "Client Key"u8);
        var signature = HMACSHA256.HashData(SHA256.HashData(clientKey), message);
        var proof = clientKey.Zip(signature, (left, right) => (byte)(left ^ right)).ToArray();

        var answer = await dialog.ExchangeAsync(Encode($"{unproven},p={Convert.ToBase64String(proof)}"));
        if (!answer.StartsWith("334 ", StringComparison.Ordinal))
        {
            return answer;
        }

        Decode(answer).ShouldBe("v=" + Convert.ToBase64String(HMACSHA256.HashData(HMACSHA256.HashData(salted, "Server Key"u8), message)));
        return acknowledgement is null ? answer : await dialog.ExchangeAsync(acknowledgement);
    }

    public static string Encode(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    public static string Decode(string challenge) => Encoding.UTF8.GetString(Convert.FromBase64String(challenge[4..]));
}
