using System.Net.Sockets;
using System.Runtime.Versioning;
using SmimeGateway.Host.Admin;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Host.Tests.Admin;

public sealed class AdminSocketTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task Only_the_owner_may_use_the_socket()
    {
        var path = _folder.Path + "/admin.sock";
        using var socket = AdminSocket.Bind(path);

        File.GetUnixFileMode(path).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        socket.Listen();
        using var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await client.ConnectAsync(new UnixDomainSocketEndPoint(path));
    }

    [Fact]
    public void A_socket_that_was_left_behind_gives_way()
    {
        var path = _folder.Path + "/admin.sock";
        File.WriteAllBytes(path, []);

        using var socket = AdminSocket.Bind(path);

        socket.IsBound.ShouldBeTrue();
    }

    [Fact]
    public void A_file_that_is_no_socket_is_not_touched()
    {
        var path = _folder.Path + "/precious";
        File.WriteAllText(path, "precious");

        Should.Throw<IOException>(() => AdminSocket.Bind(path)).Message.ShouldContain(path);

        File.ReadAllText(path).ShouldBe("precious");
    }

    [Fact]
    public void A_folder_that_cannot_be_used_is_named() =>
        Should.Throw<IOException>(() => AdminSocket.Bind("/proc/self/admin.sock")).Message.ShouldContain("/proc/self/admin.sock");
}
