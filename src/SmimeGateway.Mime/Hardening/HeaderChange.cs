namespace SmimeGateway.Mime.Hardening;

/// <summary>What hardening changes about a header besides repairing its lines; null leaves a thing as it is.</summary>
internal readonly record struct HeaderChange
{
    /// <summary>The transfer encoding that the body now has.</summary>
    public string? TransferEncoding { get; init; }

    /// <summary>The boundary that the delimiter lines now have.</summary>
    public string? Boundary { get; init; }

    /// <summary>The media type that the entity now has, without its old parameters.</summary>
    public string? ContentType { get; init; }
}
