using System.ComponentModel.DataAnnotations;
using SmimeGateway.Certificates.Issuing;
using SmimeGateway.Settings;

namespace SmimeGateway.Locating;

/// <summary>A place where certificates with private keys are found: exactly one of pkcs12, pem, folder and authority.</summary>
/// <example>
/// <code>
/// { "name": "office", "pkcs12": "certificates/office.pfx", "password": { "file": "office.password" } }
/// { "name": "edi", "pem": { "certificate": "certificates/edi.crt", "key": "certificates/edi.key" } }
/// { "name": "staff", "folder": "certificates/own", "password": { "env": "STAFF_PASSWORD" } }
/// { "name": "local", "authority": "ca", "issueFor": ["*@example.com"], "issueKeys": "rsa2048", "issuePerHour": 1000, "issueAtMost": 100000 }
/// </code>
/// </example>
public sealed record OwnCertificateOptions
{
    /// <summary>The name that rules and the log use.</summary>
    [Notation(Notation.Name)]
    public required string Name { get; init; }

    /// <summary>A PKCS #12 file (.pfx, .p12) with any number of certificates and keys.</summary>
    [Notation(Notation.ReadPath)]
    public string? Pkcs12 { get; init; }

    /// <summary>A certificate and its key in PEM.</summary>
    public PemOptions? Pem { get; init; }

    /// <summary>A folder with *.pfx, *.p12 and *.pem files; files that come or change are noticed.</summary>
    [Notation(Notation.ReadPath)]
    public string? Folder { get; init; }

    /// <summary>The folder of the built-in authority. Its root is made on first use, and its certificates when they are first needed.</summary>
    [Notation(Notation.WrittenPath)]
    public string? Authority { get; init; }

    /// <summary>
    /// The password of the PKCS #12 file, or of all files of the folder; a file NAME.password beside a file of the folder is that file's own.
    /// </summary>
    public SecretOptions? Password { get; init; }

    /// <summary>The addresses the built-in authority issues certificates for. Needed with authority, and only there.</summary>
    [Notation(Notation.AddressPattern)]
    public IReadOnlyList<string> IssueFor { get; init; } = [];

    /// <summary>
    /// The keys of certificates that the built-in authority issues from now on: rsa2048, which every program reads, p256, or two certificates for each
    /// address, ed25519 (Ed25519 and X25519) or mlDsa (ML-DSA-65 and ML-KEM-768), which few programs read yet.
    /// </summary>
    public AuthorityKey IssueKeys { get; init; } = AuthorityKey.Rsa2048;

    /// <summary>
    /// For how many new addresses within an hour the built-in authority issues at most on behalf of one client (a user, an IPv4 address, an
    /// IPv6 /64). Mail of further ones is put off (451 4.4.3); renewals do not count.
    /// </summary>
    [Range(1, 1_000_000)]
    public int IssuePerHour { get; init; } = 1000;

    /// <summary>For how many addresses the built-in authority has certificates at most. Mail of further ones is put off (451 4.4.3).</summary>
    [Range(1, 10_000_000)]
    public int IssueAtMost { get; init; } = 100_000;
}

/// <summary>A certificate and its key in PEM.</summary>
/// <example>
/// <code>
/// { "certificate": "certificates/edi.crt", "key": "certificates/edi.key", "password": { "env": "EDI_KEY_PASSWORD" } }
/// </code>
/// </example>
public sealed record PemOptions
{
    /// <summary>The file with the certificate, followed by its issuers if they are to be sent along.</summary>
    [Notation(Notation.ReadPath)]
    public required string Certificate { get; init; }

    /// <summary>The file with the private key; without it, the key stands in the file of the certificate.</summary>
    [Notation(Notation.ReadPath)]
    public string? Key { get; init; }

    /// <summary>The password of the private key.</summary>
    public SecretOptions? Password { get; init; }
}
