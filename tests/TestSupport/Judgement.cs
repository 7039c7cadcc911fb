namespace SmimeGateway.TestSupport;

/// <summary>What an independent program thinks of a signed message.</summary>
/// <param name="IsGood">The signature is valid, the signer's chain ends in the root the judge was given.</param>
/// <param name="SignerAddresses">The addresses of the signer's certificate, in lower case; empty where the judge prints none.</param>
/// <param name="Text">Everything the judge said, for messages of failed assertions.</param>
public sealed record Judgement(bool IsGood, IReadOnlyList<string> SignerAddresses, string Text)
{
    /// <summary>True when good and made with a certificate for the address.</summary>
    public bool IsGoodFor(string address) => IsGood && SignerAddresses.Contains(address.ToLowerInvariant());

    /// <inheritdoc/>
    public override string ToString() => Text;
}
