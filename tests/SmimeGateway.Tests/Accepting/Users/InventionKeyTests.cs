using System.Runtime.Versioning;
using SmimeGateway.Accepting.Users;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests.Accepting.Users;

[UnsupportedOSPlatform("windows")]
public sealed class InventionKeyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void It_outlives_the_process_and_is_the_owners_alone()
    {
        var made = InventionKey.In(_folder.Path).ToArray();

        made.Length.ShouldBe(32);
        made.ShouldNotBe(new byte[32]);
        InventionKey.In(_folder.Path).ToArray().ShouldBe(made);
        File.GetUnixFileMode(_folder[InventionKey.Name]).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(33)]
    public void What_is_no_whole_one_is_replaced(int octets)
    {
        File.WriteAllBytes(_folder[InventionKey.Name], new byte[octets]);

        var made = InventionKey.In(_folder.Path).ToArray();

        made.Length.ShouldBe(32);
        File.ReadAllBytes(_folder[InventionKey.Name]).ShouldBe(made);
    }

    [Fact]
    public void Another_folder_has_another()
    {
        using var other = new TemporaryFolder();

        InventionKey.In(other.Path).ToArray().ShouldNotBe(InventionKey.In(_folder.Path).ToArray());
    }
}
