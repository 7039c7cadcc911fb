namespace SmimeGateway.Locating;

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
