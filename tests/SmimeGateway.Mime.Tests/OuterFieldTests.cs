using System.Text;
using SmimeGateway.Mime.Fields;
using SmimeGateway.Mime.Tests.Corpus;

namespace SmimeGateway.Mime.Tests;

public sealed class OuterFieldTests
{
    // "HP-Outer: Subject: " has 19 characters: up to 59 of a value stand on its line, then the name moves to the next, and where that would be
    // too long for any line, the value does.
    [Theory]
    [InlineData(1, "HP-Outer: Subject: ")]
    [InlineData(59, "HP-Outer: Subject: ")]
    [InlineData(60, "HP-Outer:\r\n Subject: ")]
    [InlineData(988, "HP-Outer:\r\n Subject: ")]
    [InlineData(989, "HP-Outer: Subject:\r\n ")]
    [InlineData(997, "HP-Outer: Subject:\r\n ")]
    public void It_is_folded_where_its_first_line_would_be_too_long(int length, string start)
    {
        foreach (var rest in new[] { "", "\r\n and more", "\r\n " + new string('y', 900) })
        {
            var value = new string('x', length) + rest;
            var field = Read.Message($"Subject: {value}\r\n\r\n").Header[0];

            var outer = OuterField.Compose(field);

            Encoding.ASCII.GetString(outer.Raw.Span).ShouldBe(start + value + "\r\n");
            Encoding.ASCII.GetString(outer.Raw.Span).Split("\r\n").ShouldAllBe(line => line.Length <= 998);
            OuterField.Read(outer).Body.ShouldBe(field.Body);
        }
    }
}
