using System.Diagnostics.CodeAnalysis;
using System.Security.Authentication;
using System.Text.Json.Serialization;

namespace SmimeGateway.Settings;

/// <summary>The oldest version of TLS that is spoken. Older ones than these are never spoken.</summary>
public enum TlsVersion
{
    /// <summary>TLS 1.2 and later.</summary>
    [JsonStringEnumMemberName("1.2")]
    Tls12,

    /// <summary>TLS 1.3 and later.</summary>
    [JsonStringEnumMemberName("1.3")]
    Tls13,
}

/// <summary>What the framework calls versions of TLS.</summary>
public static class TlsVersions
{
    /// <summary>The versions from the given one on.</summary>
    [SuppressMessage("Security", "CA5398", Justification = "The administrator names the oldest version; leaving it to the system could be less.")]
    public static SslProtocols AndLater(this TlsVersion oldest) =>
        oldest == TlsVersion.Tls13 ? SslProtocols.Tls13 : SslProtocols.Tls12 | SslProtocols.Tls13;
}
