using SmimeGateway.Mime.Tests.Corpus;

namespace SmimeGateway.Mime.Tests.Hardening;

/// <summary>The decoded leaves of a tree, each with its place, so that two trees can be compared as texts.</summary>
internal static class Leaves
{
    public static IReadOnlyList<string> Of(Entity entity, string place = "1")
    {
        var parts = Read.Parts(entity);
        if (parts.Count == 0)
        {
            // A multipart without parts is handled as the text it then is.
            var type = entity.ContentType.Type == "multipart" ? "text/plain" : entity.ContentType.MediaType;
            return [$"{place} {type} {entity.FileName} {Convert.ToHexString(entity.DecodeBody())}"];
        }

        return
        [
            $"{place} {entity.ContentType.MediaType}",
            .. parts.SelectMany((part, index) => Of(part, $"{place}.{index + 1}")),
        ];
    }
}
