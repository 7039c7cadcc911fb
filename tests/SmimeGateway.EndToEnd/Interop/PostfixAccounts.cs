using System.Text;
using SmimeGateway.TestSupport;

namespace SmimeGateway.EndToEnd.Interop;

/// <summary>What makes a Postfix demand TLS and a login: a certificate for 127.0.0.1, and a password file of Cyrus SASL.</summary>
public sealed class PostfixAccounts : IDisposable
{
    private const string Realm = "relay.example.org";
    private readonly ScratchFolder _folder = new();

    private string _saslSettings = string.Empty;

    private PostfixAccounts()
    {
    }

    /// <summary>The settings for main.cf.</summary>
    public string Settings => $"""
        smtpd_tls_security_level = encrypt
        smtpd_tls_cert_file = {_folder.Path}/server.pem
        smtpd_tls_key_file = {_folder.Path}/server.key
        smtpd_tls_loglevel = 1
        smtpd_sasl_auth_enable = yes
        smtpd_sasl_path = smtpd
        smtpd_sasl_local_domain = {Realm}
        smtpd_sasl_security_options = noanonymous
        smtpd_relay_restrictions = permit_sasl_authenticated, reject
        """;

    /// <summary>One account that may log in by these mechanisms.</summary>
    public static async Task<PostfixAccounts> MakeAsync(string user, string password, string mechanisms)
    {
        var accounts = new PostfixAccounts();
        var folder = accounts._folder;
        var certificate = TestPki.ForHost("127.0.0.1");
        folder.Write("server.pem", TestPki.MakeCertificatePem(certificate, TestPki.Intermediate));
        folder.Write("server.key", TestPki.MakeKeyPem(certificate));
        accounts._saslSettings = $"""
            pwcheck_method: auxprop
            auxprop_plugin: sasldb
            sasldb_path: {folder.Path}/sasldb2
            mech_list: {mechanisms}

            """;
        await Tool.MustAsync("saslpasswd2", ["-c", "-p", "-f", folder.Path + "/sasldb2", "-u", Realm, user], Encoding.UTF8.GetBytes(password));
        await Tool.MustAsync("chown", ["-R", "postfix", folder.Path]);
        return accounts;
    }

    /// <summary>Writes the settings of SASL where Debian's Postfix looks for them: in the folder of its main.cf.</summary>
    /// <param name="queue">The folder of the queue, beside that of the configuration.</param>
    public async Task PrepareAsync(string queue)
    {
        var folder = Directory.CreateDirectory(Path.Combine(queue, "..", "conf", "sasl")).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "smtpd.conf"), _saslSettings);
    }

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();
}
