using System.Diagnostics;
using System.Net.Sockets;
using SmimeGateway.TestSupport;

namespace SmimeGateway.EndToEnd.Interop;

/// <summary>A real proxy on a port of its own: microsocks (SOCKS 5) or tinyproxy (HTTP CONNECT), with or without a login.</summary>
internal sealed class ProxyInstance : IAsyncDisposable
{
    public const string User = "gateway";
    public const string Password = "between-us";
    private readonly ScratchFolder _folder = new();
    private readonly Process _process;

    private ProxyInstance(int port, Func<ScratchFolder, int, string[]> command)
    {
        Port = port;
        var words = command(_folder, port);
        _process = Process.Start(new ProcessStartInfo(words[0], words[1..]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Port { get; }

    public static async Task<ProxyInstance> StartAsync(string kind, bool login = false, int port = 0)
    {
        var proxy = new ProxyInstance(port == 0 ? Loopback.FreePort() : port, kind == "socks5" ? (_, at) => Socks(at, login) : (folder, at) => Http(folder, at, login));
        await Eventually.TrueAsync(proxy.ListensAsync);
        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Dispose();
    }

    private static string[] Socks(int port, bool login) =>
        ["microsocks", "-i", "127.0.0.1", "-p", $"{port}", .. login ? new[] { "-u", User, "-P", Password } : []];

    private static string[] Http(ScratchFolder folder, int port, bool login)
    {
        var file = folder.Write("tinyproxy.conf", $"Port {port}\nListen 127.0.0.1\nTimeout 60\nMaxClients 100\n" + (login ? $"BasicAuth {User} {Password}\n" : string.Empty));
        return ["tinyproxy", "-d", "-c", file];
    }

    private async Task<bool> ListensAsync()
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync("127.0.0.1", Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
