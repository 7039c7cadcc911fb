using SmimeGateway.Mime.Fields;

namespace SmimeGateway.Mime.Tests.Corpus;

/// <summary>Shortcuts through the parser for tests, where nothing exceeds a limit.</summary>
internal static class Read
{
    public static Entity Message(ReadOnlyMemory<byte> bytes)
    {
        Entity.TryParse(bytes, MimeLimits.Standard, out var entity, out var fault).ShouldBeTrue(fault?.Reason);
        return entity!;
    }

    public static Entity Message(string text) => Message(System.Text.Encoding.Latin1.GetBytes(text));

    public static IReadOnlyList<Entity> Parts(Entity entity)
    {
        entity.TryGetParts(out var parts, out var fault).ShouldBeTrue(fault?.Reason);
        return parts!;
    }

    public static string Text(Entity leaf) => Charsets.Decode(leaf.ContentType.Parameter("charset") ?? "us-ascii", leaf.DecodeBody());
}
