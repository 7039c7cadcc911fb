using System.Globalization;
using System.Text.RegularExpressions;
using SmimeGateway.Host.Configuration.Reading;
using SmimeGateway.Settings;

namespace SmimeGateway.Host.Configuration.Binding;

/// <summary>Says whether a text is written as its key wants it.</summary>
internal static partial class NotationCheck
{
    private const int MaxNameLength = 100;
    private const int MaxPathLength = 4000;
    private const int ThumbprintDigits = 40;
    private const int FingerprintDigits = 64;

    /// <summary>What is wrong with the text, or null.</summary>
    public static Flaw? Check(Notation notation, string text) => text.Length == 0
        ? new Flaw("the text is empty", "Write a value, or leave the key out.")
        : notation switch
        {
            Notation.Name => CheckName(text),
            Notation.Address => AddressText.CheckAddress(text),
            Notation.AddressPattern => AddressText.CheckPattern(text, mayBeNullSender: false),
            Notation.SenderPattern => AddressText.CheckPattern(text, mayBeNullSender: true),
            Notation.HostName => HostText.IsHostName(text)
                ? null
                : new Flaw("this is not a host name", "Write a full name, such as \"gateway.example.com\"."),
            Notation.Thumbprint => IsHexadecimal(text, ThumbprintDigits)
                ? null
                : new Flaw("this is not a SHA-1 fingerprint", "Write its 40 hexadecimal digits; `smimegateway cert list` shows them."),
            Notation.Fingerprint => IsHexadecimal(text, FingerprintDigits)
                ? null
                : new Flaw(
                    "this is not a SHA-256 fingerprint",
                    "Write its 64 hexadecimal digits; `openssl x509 -in FILE -noout -fingerprint -sha256` shows them."),
            Notation.HttpsAddress => CheckAddress(text),
            Notation.ProxyAddress => CheckProxy(text),
            Notation.VariableName => text.StartsWith('$') || text.StartsWith('%')
                ? new Flaw("the sign belongs to a shell, and no environment variable has it in its name", $"Write the name alone: {ConfigurationNode.Quote(text.Trim('$', '%', '{', '}'))}.")
                : text.AsSpan().ContainsAny('=', '\0')
                ? new Flaw("no environment variable has this name", "Write the name alone, such as \"OFFICE_PASSWORD\".")
                : null,
            Notation.ReadPath or Notation.WrittenPath => CheckPath(text),
            _ => null,
        };

    /// <summary>The text as the options hold it.</summary>
    public static string Normalize(Notation notation, string text) => notation is Notation.Thumbprint or Notation.Fingerprint
        ? text.Replace(":", string.Empty, StringComparison.Ordinal).Replace(" ", string.Empty, StringComparison.Ordinal).ToUpperInvariant()
        : text;

    private static bool IsHexadecimal(string text, int digits) =>
        Normalize(Notation.Thumbprint, text) is var written && written.Length == digits && written.All(char.IsAsciiHexDigit);

    // What goes there is a secret, and what comes back opens a mailbox; only within one machine can nobody read along.
    private static Flaw? CheckAddress(string text) =>
        !Uri.TryCreate(text, UriKind.Absolute, out var address) || address.Host.Length == 0 || address.UserInfo.Length > 0
            ? new Flaw("this is not the address of a token endpoint", "Write all of it, such as \"https://login.example.com/oauth2/token\".")
            : address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback)
                ? null
                : new Flaw("secrets go over https alone", "Begin the address with \"https://\".");

    // Whoever may read the configuration need not know the password.
    private static Flaw? CheckProxy(string text) =>
        text.Any(char.IsWhiteSpace) ? new Flaw("there is a blank in the address", "Remove it.")
        : WrittenPort().Match(text) is { Success: true } port && !(int.TryParse(port.Groups[1].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and <= 65535)
            ? new Flaw("the port is not between 1 and 65535", "Write the one at which the proxy listens, such as \":1080\".")
        : !Uri.TryCreate(text, UriKind.Absolute, out var address) || address.Scheme is not ("socks5" or "http") || address.Host.Length == 0
            || address.PathAndQuery is not ("" or "/") || address.Fragment.Length > 0
            ? new Flaw("this is not the address of a proxy", "Write \"socks5://proxy.example.com:1080\" or \"http://proxy.example.com:3128\".")
            : Uri.UnescapeDataString(address.UserInfo).Contains(':', StringComparison.Ordinal)
                ? new Flaw("a password has no place in the address", "Write the user alone, and \"proxyPassword\": { \"file\": ... } beside it.")
            : address.Port <= 0 || !text.AsSpan(text.LastIndexOf('@') + 1).TrimEnd('/').EndsWith($":{address.Port}", StringComparison.Ordinal)
                ? new Flaw("the port is missing", "Write it behind the host, such as \":1080\".")
                : null;

    [GeneratedRegex("://[^/]*:([0-9]+)/?$")]
    private static partial Regex WrittenPort();

    private static Flaw? CheckName(string text) => text.Length > MaxNameLength || text.Any(char.IsControl) || text.Trim().Length != text.Length
        ? new Flaw("this is not a name", $"Write at most {MaxNameLength} characters on one line, without blanks at the ends.")
        : null;

    private static Flaw? CheckPath(string text) => text.Length > MaxPathLength || text.Any(char.IsControl)
        ? new Flaw("this is not a path", "Write the path of a file or folder, without control characters.")
        : null;
}
