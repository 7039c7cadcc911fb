using System.Text;
using SmimeGateway.Certificates.Files;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Certificates.Tests.Finding;

public sealed class FileStampTests : IDisposable
{
    private static readonly DateTime LongAgo = TestPki.Now.UtcDateTime.AddDays(-1);

    private readonly TemporaryFolder _folder = new();

    private string File => Path.Combine(_folder.Path, "file");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_copy_of_the_same_size_that_keeps_the_time_of_its_content_is_another_file()
    {
        Write("one");
        var before = FileStamp.Of([File]);

        // The system knows times no finer than its clock ticks.
        await Eventually.TrueAsync(() =>
        {
            Write("two");
            return FileStamp.Of([File]).Text != before.Text;
        });
    }

    [Fact]
    public void What_differs_from_one_look_to_the_next_is_not_settled_however_old_its_times_are()
    {
        Write("one");
        var before = FileStamp.Of([File]);
        before.IsSettled(FileStamp.Of([File]), TestPki.Now).ShouldBeTrue();

        Write("longer");

        before.IsSettled(FileStamp.Of([File]), TestPki.Now).ShouldBeFalse();
    }

    [Fact]
    public void What_the_system_does_not_show_is_not_settled()
    {
        var absent = FileStamp.Of([File]);
        var hidden = FileStamp.Of(Unlistable());

        hidden.IsSeen.ShouldBeFalse();
        hidden.IsSettled(hidden, TestPki.Now).ShouldBeFalse();
        absent.IsSettled(FileStamp.Of([File]), TestPki.Now).ShouldBeTrue("a file that is not there is seen not to be there");
    }

    private static IEnumerable<string> Unlistable() => Enumerable.Range(0, 1).Select<int, string>(_ => throw new UnauthorizedAccessException());

    private void Write(string text)
    {
        System.IO.File.WriteAllBytes(File, Encoding.ASCII.GetBytes(text));
        System.IO.File.SetLastWriteTimeUtc(File, LongAgo);
    }
}
