using System.Text;

namespace SmimeGateway.Mime.Tests.Hardening;

/// <summary>A leaf with any body under any label.</summary>
public sealed record LeafNode(string Type, string Label, byte[] Body) : Node
{
    public override byte[] Write() =>
        [.. Encoding.ASCII.GetBytes($"Content-Type: {Type}\r\nContent-Transfer-Encoding: {Label}\r\n\r\n"), .. Body];

    public override IReadOnlyList<string> Leaves(string place) => [$"{place} {Type}  {Convert.ToHexString(Body)}"];
}
