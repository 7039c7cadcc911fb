using SmimeGateway.Deciding.Options;
using SmimeGateway.Locating;
using SmimeGateway.Queueing;
using SmimeGateway.Settings;

namespace SmimeGateway.Host.Configuration.Binding;

/// <summary>
/// Keys and values of the configuration's design that this version does not carry out. They are errors: a rule that wants more than
/// this version can do must never run as a rule that wants less.
/// </summary>
internal static class NotYet
{
    private const string RemoveIt = "Remove the key.";

    private static readonly Dictionary<(Type Record, string Key), string> Keys = new()
    {
        [(typeof(GatewayOptions), "notifications")] = "Remove the key; what would be notified stands in the log.",
        [(typeof(OwnCertificateOptions), "store")] = "Export the certificates to a PKCS #12 file and name it with \"pkcs12\".",
        [(typeof(OwnCertificateOptions), "pkcs11")] = "Use a PKCS #12 file (\"pkcs12\") or a PEM pair (\"pem\") instead.",
        [(typeof(TrustOptions), "blocked")] = "Remove the key, and take the authority out of \"roots\".",
        [(typeof(RevocationOptions), "whenUnreachable")] = RemoveIt,
        [(typeof(RevocationOptions), "perUrlTimeout")] = RemoveIt,
        [(typeof(RevocationOptions), "totalTimeout")] = RemoveIt,
        [(typeof(RevocationOptions), "imported")] = RemoveIt,
        [(typeof(RevocationOptions), "proxy")] = RemoveIt,
        [(typeof(QueueOptions), "postgres")] = "Use \"disk\", with one gateway.",
        [(typeof(AdminOptions), "endpoint")] = "Remove the key; the command line uses \"socket\".",
        [(typeof(AdminOptions), "token")] = "Remove the key; the command line uses \"socket\".",
    };

    private static readonly Dictionary<(Type Enumeration, string Name), string> Values = new()
    {
        [(typeof(RevocationCheck), "on")] = "Write \"off\".",
        [(typeof(WhenCertificateMissing), "hold")] = "Write \"defer\" to let the client try again, or \"reject\".",
    };

    /// <summary>What to do instead of using the key, or null when the design does not know it either.</summary>
    public static string? FindKey(Type record, string key) => Keys.GetValueOrDefault((record, key));

    /// <summary>What to do instead of using the value, or null when the design does not know it either.</summary>
    public static string? FindValue(Type enumeration, string name) => Values.GetValueOrDefault((enumeration, name));

    /// <summary>All keys of an object that the design knows and this version does not, with what to do instead.</summary>
    public static IEnumerable<(string Name, string Remedy)> KeysOf(Type record) =>
        Keys.Where(entry => entry.Key.Record == record).Select(entry => (entry.Key.Key, entry.Value));

    /// <summary>All values of an enumeration that the design knows and this version does not, with what to do instead.</summary>
    public static IEnumerable<(string Name, string Remedy)> ValuesOf(Type enumeration) =>
        Values.Where(entry => entry.Key.Enumeration == enumeration).Select(entry => (entry.Key.Name, entry.Value));
}
