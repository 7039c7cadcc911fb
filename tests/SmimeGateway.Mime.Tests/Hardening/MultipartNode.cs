using System.Text;

namespace SmimeGateway.Mime.Tests.Hardening;

/// <summary>A multipart whose boundary tells its depth, so that nested ones differ, the shorter being the start of the longer.</summary>
public sealed record MultipartNode(IReadOnlyList<Node> Parts, int Depth) : Node
{
    public override byte[] Write()
    {
        var boundary = "b" + new string('x', Depth);
        var written = new List<byte>(Encoding.ASCII.GetBytes($"Content-Type: multipart/mixed; boundary=\"{boundary}\"\r\n\r\n"));
        foreach (var part in Parts)
        {
            written.AddRange(Encoding.ASCII.GetBytes($"--{boundary}\r\n"));
            written.AddRange(part.Write());
            written.AddRange("\r\n"u8);
        }

        written.AddRange(Encoding.ASCII.GetBytes($"--{boundary}--\r\n"));
        return [.. written];
    }

    public override IReadOnlyList<string> Leaves(string place) =>
        [$"{place} multipart/mixed", .. Parts.SelectMany((part, index) => part.Leaves($"{place}.{index + 1}"))];
}
