using System.Text;

namespace SmimeGateway.TestSupport;

/// <summary>The dialog of AUTH, as far as a <see cref="CollectingNextHop"/> offers it: PLAIN, LOGIN and XOAUTH2 as Microsoft 365 answers it.</summary>
internal static class CollectingLogin
{
    private const string TokenError = """{"status":"401","schemes":"bearer","scope":"https://outlook.office.com/SMTP.Send"}""";

    /// <summary>Returns who logs in, or null when the client gave up or spoke nonsense.</summary>
    /// <param name="command">The line with AUTH.</param>
    /// <param name="isEncrypted">True under TLS.</param>
    /// <param name="ask">Sends a challenge and returns the line that answers it.</param>
    public static async Task<CollectedLogin?> ReadAsync(string command, bool isEncrypted, Func<string, Task<string?>> ask)
    {
        var words = command.Split(' ');
        var mechanism = words[1].ToUpperInvariant();
        try
        {
            if (mechanism == "LOGIN")
            {
                return new CollectedLogin(mechanism, Text(await ask("Username:")), Text(await ask("Password:")), isEncrypted);
            }

            var response = Text(words.Length > 2 ? words[2] : await ask(string.Empty));
            return mechanism == "PLAIN" && response.Split('\0') is [_, var user, var password]
                ? new CollectedLogin(mechanism, user, password, isEncrypted)
                : mechanism == "XOAUTH2" && response.Split('\u0001') is [var name, var bearer, "", ""]
                    ? new CollectedLogin(mechanism, name["user=".Length..], bearer["auth=Bearer ".Length..], isEncrypted)
                    : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <summary>XOAUTH2 says why first, and refuses when that was answered.</summary>
    public static Task<string?> ExplainAsync(CollectedLogin login, Func<string, Task<string?>> ask) =>
        login.Mechanism == "XOAUTH2" ? ask(TokenError) : Task.FromResult<string?>(string.Empty);

    private static string Text(string? base64) => Encoding.UTF8.GetString(Convert.FromBase64String(base64 ?? string.Empty));
}
