using System.Buffers;
using System.Text;
using SmimeGateway.Mime.ProtectedForms;
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

    [Fact]
    public void What_is_encoded_in_place_is_the_same_for_every_length()
    {
        var cms = new byte[5000];
        new Random(42).NextBytes(cms);
        var outer = ContentSplit.Split(Read.Message("Subject: x\r\n\r\n")).OuterFields;

        for (var length = 0; length <= cms.Length; length += length < 600 ? 1 : 37)
        {
            var content = cms.AsMemory(0, length);

            var inPlace = Pkcs7Mime.Compose(outer, "enveloped-data", "smime.p7m", length, memory => content.CopyTo(memory));

            inPlace.AsSpan().SequenceEqual(Pkcs7Mime.Compose(outer, "enveloped-data", "smime.p7m", new ReadOnlySequence<byte>(content)))
                .ShouldBeTrue($"{length} octets");
        }
    }

    [Theory]
    [InlineData(3 << 20)]
    [InlineData((3 << 20) + 1)]
    [InlineData((3 << 20) + 47)]
    public void A_large_contentis_encoded_in_place_in_no_other_memory(int length)
    {
        var cms = new byte[length];
        new Random(length).NextBytes(cms);
        var expected = Pkcs7Mime.Compose([], "enveloped-data", "smime.p7m", new ReadOnlySequence<byte>(cms));
        Action<Memory<byte>> write = memory => cms.CopyTo(memory);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var composed = Pkcs7Mime.Compose([], "enveloped-data", "smime.p7m", length, write);

        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        allocated.ShouldBeLessThan(composed.Length + 10_000);
        composed.AsSpan().SequenceEqual(expected).ShouldBeTrue();
    }

    [Fact]
    public void The_writer_gets_exactly_the_memory_it_asked_for()
    {
        var given = -1;

        Pkcs7Mime.Compose([], "enveloped-data", "smime.p7m", 1234, memory => given = memory.Length);

        given.ShouldBe(1234);
    }

    [Fact]
    public void An_entity_inside_another_names_no_MIME_version()
    {
        var cms = new ReadOnlySequence<byte>(new byte[10]);

        Names(Pkcs7Mime.Compose([], "signed-data", "smime.p7m", cms)).ShouldBe(Inside);
        Names(Pkcs7Mime.Compose([], "compressed-data", "smime.p7z", 10, _ => { })).ShouldBe(Inside);
        Names(MultipartSigned.Compose([], cms, "sha-256", [1])).ShouldBe(["Content-Type"]);
    }

    [Theory]
    [InlineData("text/plain", "the message is not an application/pkcs7-mime")]
    [InlineData("application/pkcs7-mime", "the application/pkcs7-mime body is empty")]
    public void What_holds_no_contentis_a_fault(string contentType, string reason)
    {
        var message = Read.Message($"Content-Type: {contentType}\r\nContent-Transfer-Encoding: base64\r\n\r\n\r\n");

        Pkcs7Mime.TryRead(message, out _, out var fault).ShouldBeFalse();

        fault!.Reason.ShouldBe(reason);
    }

    private static readonly string[] Inside = ["Content-Type", "Content-Transfer-Encoding", "Content-Disposition"];

    private static IEnumerable<string> Names(byte[] entity) => Read.Message(entity).Header.Select(field => field.Name);
}
