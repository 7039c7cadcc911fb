using System.Diagnostics;
using SmimeGateway.TestSupport;

namespace SmimeGateway.EndToEnd.Interop;

/// <summary>A realm of its own: MIT's key distribution center on a port of 127.0.0.1, with one user and the SMTP service of localhost.</summary>
internal sealed class KerberosRealm : IAsyncDisposable
{
    public const string User = "gateway@EXAMPLE.TEST";
    public const string Password = "pässwörd of Kerberos";
    private const string Realm = "EXAMPLE.TEST";
    private const string Program = "/usr/sbin/krb5kdc";
    private readonly ScratchFolder _folder = new();
    private Process? _center;

    private KerberosRealm()
    {
    }

    /// <summary>Why none can run here, or null.</summary>
    public static string? Obstacle => File.Exists(Program) ? null : "krb5-kdc is not installed";

    /// <summary>What programs that use the realm have in their environment.</summary>
    public string Environment => $"KRB5_CONFIG={_folder.Path}/krb5.conf";

    /// <summary>The key of the SMTP service.</summary>
    public string ServiceKeys => _folder.Path + "/smtp.keytab";

    /// <summary>The key of the user.</summary>
    public string UserKeys => _folder.Path + "/user.keytab";

    public string Folder => _folder.Path;

    public static async Task<KerberosRealm> StartAsync()
    {
        var realm = new KerberosRealm();
        var folder = realm._folder;
        var port = Loopback.FreePort();
        folder.Write("krb5.conf", $$"""
            [libdefaults]
              default_realm = {{Realm}}
              dns_lookup_realm = false
              dns_lookup_kdc = false
              dns_canonicalize_hostname = false
              rdns = false
              udp_preference_limit = 1
            [realms]
              {{Realm}} = {
                kdc = 127.0.0.1:{{port}}
              }

            """);
        folder.Write("kdc.conf", $$"""
            [kdcdefaults]
              kdc_listen = ""
              kdc_tcp_listen = 127.0.0.1:{{port}}
            [realms]
              {{Realm}} = {
                database_name = {{folder.Path}}/principal
                key_stash_file = {{folder.Path}}/stash
              }

            """);
        await realm.RunAsync("kdb5_util", "-r", Realm, "create", "-s", "-P", "of no importance");
        foreach (var query in (string[])[
            $"addprinc -pw \"{Password}\" {User}", "addprinc -randkey smtp/localhost", "addprinc -randkey robot",
            $"ktadd -k {realm.ServiceKeys} smtp/localhost", $"ktadd -k {realm.UserKeys} robot"])
        {
            await realm.RunAsync("kadmin.local", "-r", Realm, "-q", query);
        }

        await Tool.MustAsync("chown", ["-R", "postfix", folder.Path]);
        await Tool.MustAsync("chmod", ["755", folder.Path]);
        realm._center = Process.Start(realm.Describe(Program, "-n"));
        await Eventually.TrueAsync(async () =>
        {
            using var socket = new System.Net.Sockets.TcpClient();
            try
            {
                await socket.ConnectAsync("127.0.0.1", port);
                return true;
            }
            catch (System.Net.Sockets.SocketException)
            {
                return false;
            }
        });
        return realm;
    }

    public async ValueTask DisposeAsync()
    {
        if (_center is not null)
        {
            _center.Kill();
            await _center.WaitForExitAsync();
            _center.Dispose();
        }

        _folder.Dispose();
    }

    private ProcessStartInfo Describe(string program, params string[] arguments) => new(program, arguments)
    {
        Environment = { ["KRB5_CONFIG"] = _folder.Path + "/krb5.conf", ["KRB5_KDC_PROFILE"] = _folder.Path + "/kdc.conf" },
    };

    private async Task RunAsync(string program, params string[] arguments)
    {
        var run = await Tool.RunAsync(program, arguments, environment: new Dictionary<string, string>
        {
            ["KRB5_CONFIG"] = _folder.Path + "/krb5.conf",
            ["KRB5_KDC_PROFILE"] = _folder.Path + "/kdc.conf",
            ["PATH"] = "/usr/sbin:/sbin:/usr/bin:/bin",
        });
        run.ExitCode.ShouldBe(0, run.Text);
    }
}
