using System.Text;

namespace SmimeGateway.Mime.Tests;

public sealed class EnclosureTests
{
    [Theory]
    [InlineData("Content-Type: multipart/signed; boundary=b\r\n", "--b\r\n\r\nx\r\n--b\r\n\r\ny\r\n--b--\r\n")]
    [InlineData("", "no line end")]
    [InlineData("", "")]
    public void The_content_is_the_only_part_byte_for_byte(string fields, string body)
    {
        var split = SplitOf($"Subject: s\r\n{fields}\r\n{body}");

        var enclosed = Enclosure.Enclose(split);

        var entity = Entity.Assemble(enclosed.ContentFields, enclosed.Body, MimeLimits.Standard);
        entity.ContentType.MediaType.ShouldBe("multipart/mixed");
        entity.TryGetParts(out var parts, out _).ShouldBeTrue();
        parts.ShouldHaveSingleItem().Raw.ToArray().ShouldBe(System.Buffers.BuffersExtensions.ToArray(split.Content));
        enclosed.OuterFields.ShouldBe(split.OuterFields);
    }

    private static SplitMessage SplitOf(string message)
    {
        Entity.TryParse(Encoding.ASCII.GetBytes(message), MimeLimits.Standard, out var entity, out _).ShouldBeTrue();
        return ContentSplit.Split(entity);
    }
}
