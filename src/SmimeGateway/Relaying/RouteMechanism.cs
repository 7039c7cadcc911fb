using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace SmimeGateway.Relaying;

/// <summary>How the gateway logs in to a next hop.</summary>
public enum RouteMechanism
{
    /// <summary>The strongest that the next hop offers of SCRAM-SHA-256, PLAIN and LOGIN; XOAUTH2 with a token.</summary>
    Auto,

    /// <summary>PLAIN (RFC 4616); only over TLS.</summary>
    Plain,

    /// <summary>LOGIN; only over TLS.</summary>
    Login,

    /// <summary>SCRAM-SHA-256 (RFC 7677): the password itself is never sent.</summary>
    [JsonStringEnumMemberName("scram-sha-256")]
    ScramSha256,

    /// <summary>XOAUTH2 with a token, as Microsoft 365 and Google take it; only over TLS.</summary>
    [JsonStringEnumMemberName("xoauth2")]
    [SuppressMessage("Naming", "CA1709", Justification = "The name of the mechanism.")]
    XOAuth2,

    /// <summary>NTLM, for Exchange servers that want it.</summary>
    Ntlm,
}
