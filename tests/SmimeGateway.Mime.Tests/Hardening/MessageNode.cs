namespace SmimeGateway.Mime.Tests.Hardening;

/// <summary>A message inside a message.</summary>
public sealed record MessageNode(Node Inside) : Node
{
    public override byte[] Write() => [.. "Content-Type: message/rfc822\r\n\r\n"u8, .. Inside.Write()];

    public override IReadOnlyList<string> Leaves(string place) => [$"{place} message/rfc822", .. Inside.Leaves(place + ".1")];
}
