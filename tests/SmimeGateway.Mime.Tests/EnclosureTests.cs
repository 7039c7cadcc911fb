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

    [Theory]
    [InlineData("", "ascii", "7bit")]
    [InlineData("", "gr\u00FCn", "8bit")]
    [InlineData("Content-Type: multipart/mixed; boundary=b\r\n", "--b\r\nContent-Description: gr\u00FCn\r\n\r\nx\r\n--b--\r\n", "8bit")]
    [InlineData("Content-Transfer-Encoding: binary\r\n", "x", "binary")]
    public void What_is_put_around_a_content_declares_what_is_inside(string fields, string body, string label)
    {
        var enclosed = Enclosure.Enclose(SplitOf($"Subject: s\r\n{fields}\r\n{body}"));

        Entity.Assemble(enclosed.ContentFields, enclosed.Body, MimeLimits.Standard).TransferEncoding.ShouldBe(label);
    }

    private static SplitMessage SplitOf(string message)
    {
        Entity.TryParse(Encoding.Latin1.GetBytes(message), MimeLimits.Standard, out var entity, out _).ShouldBeTrue();
        return ContentSplit.Split(entity);
    }
}
