namespace SmimeGateway.Mime.Tests.ProtectedHeaders;

/// <summary>One example: the fields of the message, those outside once it is encrypted, and the display that its text gets.</summary>
internal sealed record Rfc9788Example(string Fields, string OutsideFields, string Display)
{
    public string[] Protected => Lines(Fields);

    public string[] Outside => Lines(OutsideFields);

    public Entity Message(string contentType, string body) =>
        Corpus.Read.Message(string.Join("\r\n", [.. Protected, "MIME-Version: 1.0", $"Content-Type: {contentType}", string.Empty, body]));

    private static string[] Lines(string text) => text.ReplaceLineEndings("\n").Split('\n');
}
