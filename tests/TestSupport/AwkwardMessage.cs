namespace SmimeGateway.TestSupport;

/// <summary>A message that breaks careless gateways.</summary>
/// <param name="Name">What is awkward about it; names the test case.</param>
/// <param name="Content">Its bytes, with CR LF line ends.</param>
/// <param name="Expected">What a gateway that signs must do with it.</param>
public sealed record AwkwardMessage(string Name, byte[] Content, AwkwardOutcome Expected = AwkwardOutcome.Verifies)
{
    /// <summary>MAIL parameters it needs, with a leading space.</summary>
    public string Parameters { get; init; } = string.Empty;

    /// <inheritdoc/>
    public override string ToString() => Name;
}
