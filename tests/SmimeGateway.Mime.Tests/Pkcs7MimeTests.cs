using System.Buffers;
using System.Text;
using SmimeGateway.Mime.Structure;
using SmimeGateway.Mime.Tests.Corpus;

namespace SmimeGateway.Mime.Tests;

public sealed class Pkcs7MimeTests
{
    [Theory]
    [InlineData(64)]
    [InlineData(76)]
    public void A_composed_message_gives_back_its_object(int lineLength)
    {
        var cms = Enumerable.Range(0, 1000).Select(i => (byte)i).ToArray();
        var outer = ContentSplit.Split(Read.Message("Subject: x\r\n\r\n")).OuterFields;

        var composed = Pkcs7Mime.Compose(outer, "signed-data", "smime.p7m", new ReadOnlySequence<byte>(cms), lineLength);

        var message = Read.Message(composed);
        Encoding.ASCII.GetString(message.Body.Span).Split("\r\n").Max(line => line.Length).ShouldBe(lineLength);
        message.Header.Select(field => field.Name).ShouldBe(
            ["Subject", "MIME-Version", "Content-Type", "Content-Transfer-Encoding", "Content-Disposition"]);
        message.FileName.ShouldBe("smime.p7m");
        ProtectionRecognizer.Recognize(message).ShouldBe(ExistingProtection.OpaqueSigned);
        Pkcs7Mime.TryRead(message, out var read, out _).ShouldBeTrue();
        read.ShouldBe(cms);
    }

    [Fact]
    public void Pieces_of_any_size_are_encoded_as_one()
    {
        var cms = Enumerable.Range(0, 500).Select(i => (byte)i).ToArray();
        var pieces = new BytePieces();
        var start = 0;
        foreach (var size in new[] { 1, 47, 48, 2, 0, 96, 97, 150, 59 })
        {
            pieces.Add(cms.AsSpan(start, size).ToArray());
            start += size;
        }

        start.ShouldBe(cms.Length);

        var inPieces = Pkcs7Mime.Compose([], "signed-data", "smime.p7m", pieces.ToSequence());

        inPieces.ShouldBe(Pkcs7Mime.Compose([], "signed-data", "smime.p7m", new ReadOnlySequence<byte>(cms)));
    }

    [Theory]
    [InlineData("text/plain", "the message is not an application/pkcs7-mime")]
    [InlineData("application/pkcs7-mime", "the application/pkcs7-mime body is empty")]
    public void What_holds_no_object_is_a_fault(string contentType, string reason)
    {
        var message = Read.Message($"Content-Type: {contentType}\r\nContent-Transfer-Encoding: base64\r\n\r\n\r\n");

        Pkcs7Mime.TryRead(message, out _, out var fault).ShouldBeFalse();

        fault!.Reason.ShouldBe(reason);
    }
}
