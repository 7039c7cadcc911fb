namespace SmimeGateway.Certificates.Choosing;

/// <summary>A partner's certificate that was considered and not taken.</summary>
/// <param name="Certificate">The certificate.</param>
/// <param name="Reason">Why not, as the end of a sentence.</param>
public sealed record PartnerRefusal(PartnerCertificate Certificate, string Reason)
{
    /// <summary>True when only its chain stands against it, so that other roots or intermediates would change it.</summary>
    public bool IsUntrusted { get; init; }

    /// <summary>The refusal as one sentence.</summary>
    public override string ToString() => $"{Certificate} was not taken: {Reason}";
}
