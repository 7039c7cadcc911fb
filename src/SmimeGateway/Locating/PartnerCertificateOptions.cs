using SmimeGateway.Settings;

namespace SmimeGateway.Locating;

/// <summary>A place where the certificates of partners are found: exactly one of folder and harvested.</summary>
/// <example>
/// <code>
/// { "name": "folder", "folder": "certificates/partners" }
/// { "name": "edi", "folder": "certificates/edi", "accept": "all" }
/// { "name": "seen", "harvested": { "accept": "trusted" } }
/// </code>
/// </example>
public sealed record PartnerCertificateOptions
{
    /// <summary>The name that rules and the log use.</summary>
    [Notation(Notation.Name)]
    public required string Name { get; init; }

    /// <summary>A folder with *.cer, *.crt, *.pem, *.der, *.p7b, *.sst and *.pfx files; files that come or change are noticed.</summary>
    [Notation(Notation.ReadPath)]
    public string? Folder { get; init; }

    /// <summary>Which certificates of the folder are used.</summary>
    public PartnerAcceptance Accept { get; init; }

    /// <summary>Certificates that signed mail brought along.</summary>
    public HarvestOptions? Harvested { get; init; }
}

/// <summary>Which certificates of a folder are used.</summary>
public enum PartnerAcceptance
{
    /// <summary>Those with a chain to a trusted root.</summary>
    Trusted,

    /// <summary>All of them, self-signed ones too: whoever may write into the folder is trusted.</summary>
    All,
}

/// <summary>Certificates that signed mail brought along, kept with the capabilities its sender announced.</summary>
/// <example>
/// <code>
/// { "accept": "trusted" }
/// </code>
/// </example>
public sealed record HarvestOptions
{
    /// <summary>Which certificates are kept.</summary>
    public HarvestAcceptance Accept { get; init; }
}

/// <summary>Which certificates are kept from signed mail.</summary>
public enum HarvestAcceptance
{
    /// <summary>The author's own, when the signature is right and the certificate has a chain to a trusted root.</summary>
    Trusted,
}
