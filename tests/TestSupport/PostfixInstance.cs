using System.Diagnostics;

namespace SmimeGateway.TestSupport;

/// <summary>
/// A private Postfix: own configuration, queue and data folders, one loopback port, everything relayed to one next hop with default
/// durability. Needs root (Postfix changes users), neither systemd nor a running system instance.
/// </summary>
public sealed class PostfixInstance : IAsyncDisposable
{
    private const string Daemons = "/usr/lib/postfix/sbin";
    private readonly ScratchFolder _folder = new();
    private Process? _master;

    private PostfixInstance(int port)
    {
        Port = port;
    }

    /// <summary>Why no instance can run here, or null when one can.</summary>
    public static string? Obstacle =>
        !File.Exists(Daemons + "/master") ? "Postfix is not installed" : Environment.IsPrivilegedProcess ? null : "Postfix needs root";

    /// <summary>The port of 127.0.0.1 it listens on.</summary>
    public int Port { get; }

    /// <summary>What it logged so far.</summary>
    public string Log => File.Exists(_folder.Path + "/log") ? File.ReadAllText(_folder.Path + "/log") : string.Empty;

    /// <summary>Starts an instance that relays to a port of 127.0.0.1, and waits for its greeting.</summary>
    /// <param name="nextHopPort">Where everything goes.</param>
    /// <param name="prepareQueue">Given the queue's folder before anything is in it, such as to mount a disk there.</param>
    /// <param name="settings">Further lines of main.cf.</param>
    public static async Task<PostfixInstance> StartAsync(int nextHopPort, Func<string, Task>? prepareQueue = null, string settings = "")
    {
        var instance = new PostfixInstance(Loopback.FreePort());
        try
        {
            if (prepareQueue is not null)
            {
                await prepareQueue(instance._folder.Path + "/queue");
            }

            await instance.StartMasterAsync(nextHopPort, settings);
            return instance;
        }
        catch
        {
            await instance.DisposeAsync();
            throw;
        }
    }

    /// <summary>kill -9 to the master and all its processes, and a new master on the same queue.</summary>
    public Task KillAndStartAsync() => KillAndStartAsync(() => Task.CompletedTask);

    /// <summary>kill -9 to the master and all its processes, and a new master on the same queue after something happened to it.</summary>
    public async Task KillAndStartAsync(Func<Task> whileDead)
    {
        ArgumentNullException.ThrowIfNull(whileDead);
        _master!.Kill(entireProcessTree: true);
        await _master.WaitForExitAsync();
        _master.Dispose();
        await whileDead();
        await LaunchAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_master is { HasExited: false } master)
        {
            // SIGTERM makes the master end its children; a kill would leave them behind.
            await Signals.SendAsync(master.Id, "TERM");
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            await master.WaitForExitAsync(patience.Token);
        }

        _master?.Dispose();
        _folder.Dispose();
    }

    private async Task StartMasterAsync(int nextHopPort, string settings)
    {
        var root = _folder.Path;
        _folder.Write("conf/main.cf", $"""
            compatibility_level = 3.6
            queue_directory = {root}/queue
            data_directory = {root}/data
            command_directory = /usr/sbin
            daemon_directory = {Daemons}
            mail_owner = postfix
            setgid_group = postdrop
            maillog_file = {root}/log
            maillog_file_prefixes = /tmp
            myhostname = relay.example.org
            mydestination =
            local_recipient_maps =
            alias_maps =
            inet_interfaces = 127.0.0.1
            inet_protocols = ipv4
            mynetworks = 127.0.0.0/8
            smtpd_relay_restrictions = permit_mynetworks, reject
            smtpd_peername_lookup = no
            smtp_host_lookup = native
            relayhost = [127.0.0.1]:{nextHopPort}
            message_size_limit = 104857600
            mailbox_size_limit = 0
            minimal_backoff_time = 5s
            queue_run_delay = 5s
            smtputf8_enable = yes

            """ + settings + "\n");
        _folder.Write("conf/master.cf", MasterServices());
        foreach (var name in new[] { "active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming", "maildrop", "pid", "private", "public", "saved", "trace" })
        {
            Directory.CreateDirectory($"{root}/queue/{name}");
        }

        Directory.CreateDirectory(root + "/data");
        await Tool.MustAsync("chown", ["-R", "postfix", root + "/queue", root + "/data"]);
        await Tool.MustAsync("chown", ["root", root + "/queue", root + "/queue/pid"]);
        await LaunchAsync();
    }

    private async Task LaunchAsync()
    {
        _master = Process.Start(new ProcessStartInfo(Daemons + "/master", ["-c", _folder.Path + "/conf", "-d"])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        }) ?? throw new InvalidOperationException("Postfix did not start");

        // Nobody reads its streams, and a full pipe would stop it; the log file says the same.
        _master.BeginErrorReadLine();
        _master.BeginOutputReadLine();
        await Eventually.TrueAsync(
            async () => _master.HasExited ? throw new InvalidOperationException("Postfix ended: " + Log) : await Loopback.GreetsAsync(Port));
    }

    private string MasterServices() => $"""
        127.0.0.1:{Port} inet n - n - - smtpd
        pickup    unix n - n 60 1 pickup
        cleanup   unix n - n - 0 cleanup
        qmgr      unix n - n 300 1 qmgr
        tlsmgr    unix - - n 1000? 1 tlsmgr
        rewrite   unix - - n - - trivial-rewrite
        bounce    unix - - n - 0 bounce
        defer     unix - - n - 0 bounce
        trace     unix - - n - 0 bounce
        verify    unix - - n - 1 verify
        flush     unix n - n 1000? 0 flush
        proxymap  unix - - n - - proxymap
        smtp      unix - - n - - smtp
        relay     unix - - n - - smtp
        showq     unix n - n - - showq
        error     unix - - n - - error
        retry     unix - - n - - error
        discard   unix - - n - - discard
        anvil     unix - - n - 1 anvil
        scache    unix - - n - 1 scache
        postlog   unix-dgram n - n - 1 postlogd

        """;
}
