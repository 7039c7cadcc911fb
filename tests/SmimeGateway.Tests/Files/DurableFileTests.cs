using System.Runtime.Versioning;
using SmimeGateway.Files;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests.Files;

[UnsupportedOSPlatform("windows")]
public sealed class DurableFileTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_takes_the_place_of_an_older_one_and_leaves_nothing_beside_it()
    {
        DurableFile.Replace(_folder["deep/file"], "one"u8);
        DurableFile.Replace(_folder["deep/file"], "two"u8);

        Directory.GetFiles(_folder["deep"]).ShouldBe([_folder["deep/file"]]);
        File.ReadAllText(_folder["deep/file"]).ShouldBe("two");
    }

    [Fact]
    public void A_secret_is_for_its_owner_alone_and_what_is_public_for_more()
    {
        DurableFile.ReplaceSecret(_folder["secret"], "one"u8);
        DurableFile.Replace(_folder["public"], "one"u8);
        File.WriteAllText(_folder["made"], "by the framework");

        File.GetUnixFileMode(_folder["secret"]).ShouldBe(OwnerOnly);
        File.GetUnixFileMode(_folder["public"]).ShouldBe(File.GetUnixFileMode(_folder["made"]));
    }

    [Theory]
    [InlineData("/proc/sys/kernel/users.json")]
    [InlineData("/dev/null/users.json")]
    public void What_cannot_be_written_is_called_by_its_own_name(string path)
    {
        var trouble = Should.Throw<Exception>(() => DurableFile.ReplaceSecret(path, "one"u8));

        (trouble is IOException or UnauthorizedAccessException).ShouldBeTrue();
        trouble.Message.ShouldNotContain(".tmp");
    }

    [Fact]
    public void A_folder_in_the_place_of_the_file_is_left_alone_and_so_is_nothing_else()
    {
        Directory.CreateDirectory(_folder["users.json/inside"]);

        Should.Throw<Exception>(() => DurableFile.ReplaceSecret(_folder["users.json"], "one"u8));

        Directory.GetFileSystemEntries(_folder.Path).ShouldBe([_folder["users.json"]]);
    }
}
