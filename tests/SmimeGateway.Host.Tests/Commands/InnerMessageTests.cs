using System.Text;
using SmimeGateway.Host.Commands.Layers;
using SmimeGateway.Mime;

namespace SmimeGateway.Host.Tests.Commands;

public sealed class InnerMessageTests
{
    [Fact]
    public void The_content_gets_the_header_that_stood_outside() => Compose(
        "From: a@example.com\r\nSubject: Hello\r\nMIME-Version: 1.0\r\nContent-Type: application/pkcs7-mime\r\nContent-Transfer-Encoding: base64\r\n\r\nMIAG",
        "Content-Type: text/plain\r\n\r\ntext\r\n")
        .ShouldBe("From: a@example.com\r\nSubject: Hello\r\nMIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\ntext\r\n");

    [Fact]
    public void Protected_fields_take_the_place_of_those_outside() => Compose(
        "From: a@example.com\r\nsubject: [...]\r\nReceived: by gateway\r\n\r\n",
        "MIME-Version: 1.0\r\nFrom: a@example.com\r\nSubject: Secret\r\nContent-Type: text/plain; hp=\"cipher\"\r\n\r\ntext\r\n")
        .ShouldBe(
            "Received: by gateway\r\nMIME-Version: 1.0\r\nFrom: a@example.com\r\nSubject: Secret\r\nContent-Type: text/plain; hp=\"cipher\"\r\n\r\ntext\r\n");

    private static string Compose(string outside, string content) =>
        Encoding.ASCII.GetString(InnerMessage.Compose(Parse(outside), Parse(content)));

    private static Entity Parse(string text) => Entity.TryParse(Encoding.ASCII.GetBytes(text), MimeLimits.Standard, out var entity, out _)
        ? entity
        : throw new InvalidOperationException("The test's own message cannot be read.");
}
