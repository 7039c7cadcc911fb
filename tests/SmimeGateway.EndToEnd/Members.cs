using System.Security.Cryptography.X509Certificates;
using SmimeGateway.TestSupport;

namespace SmimeGateway.EndToEnd;

/// <summary>Parts of a configuration that several scenarios share, as they stand in the documentation.</summary>
internal static class Members
{
    public const string Password = "correct horse";

    /// <summary>The local host may send as anybody at example.com.</summary>
    public const string Senders = "\"senders\": [{ \"address\": \"*@example.com\", \"clients\": [\"127.0.0.0/8\"] }]";

    /// <summary>Everything ends in the outbox.</summary>
    public const string Outbox = "\"routes\": [{ \"recipients\": [\"*\"], \"folder\": \"outbox\" }]";

    /// <summary>Everything goes to one next hop, and is tried again every second.</summary>
    public static string Relay(int port, int connections = 20) =>
        $"\"routes\": [{{ \"recipients\": [\"*\"], \"hosts\": [\"127.0.0.1:{port}\"], \"connections\": {connections} }}], \"queue\": {{ \"retry\": [\"1s\"] }}";

    /// <summary>Writes a PKCS #12 file with these certificates and their chain, and names it <c>office</c>.</summary>
    public static string Office(GatewayHome home, params X509Certificate2[] certificates)
    {
        Directory.CreateDirectory(home.Folder);
        TestPki.WriteP12(home.Folder + "/office.pfx", Password, [.. certificates, .. TestPki.Chain]);
        home.Write("office.password", Password + "\n");
        Keep(home.Folder + "/office.pfx");
        Keep(home.Folder + "/office.password");
        return "\"certificates\": { \"own\": [{ \"name\": \"office\", \"pkcs12\": \"office.pfx\", \"password\": { \"file\": \"office.password\" } }] }";
    }

    /// <summary>Takes a file away from everybody but its owner, as whoever has secrets does.</summary>
    public static void Keep(string file)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    /// <summary>
    /// The certificates of <see cref="Office"/>, and a folder <c>partners</c> with certificates to encrypt to, of which a source with that
    /// name and one named <c>seen</c> are made.
    /// </summary>
    public static string OfficeAndPartners(GatewayHome home, X509Certificate2 own, params X509Certificate2[] partners)
    {
        home.Write("trust/root.pem", TestPki.MakeCertificatePem(TestPki.Public(TestPki.Root)));
        home.Write("trust/intermediate.pem", TestPki.MakeCertificatePem(TestPki.Public(TestPki.Intermediate)));
        Directory.CreateDirectory(home.Folder + "/partners");
        foreach (var partner in partners)
        {
            home.Write($"partners/{partner.Thumbprint}.pem", TestPki.MakeCertificatePem(TestPki.Public(partner)));
        }

        return Office(home, own)[..^1] + """
            , "partners": [{ "name": "partners", "folder": "partners" }, { "name": "seen", "harvested": { "accept": "trusted" } }],
              "trust": { "roots": ["trust/root.pem"], "intermediates": ["trust/intermediate.pem"] } }
            """;
    }

    /// <summary>One rule that signs everything from example.com with <c>office</c>.</summary>
    /// <param name="further">Further members of <c>sign</c>, each with a comma before it.</param>
    public static string SignAll(string further = "") =>
        "\"rules\": [{ \"name\": \"bounces pass\", \"when\": { \"sender\": \"<>\" }, \"pass\": true }, "
        + $"{{ \"name\": \"sign\", \"when\": {{ \"sender\": \"*@example.com\" }}, \"sign\": {{ \"with\": [\"office\"]{further} }} }}]";

    /// <summary>The members joined for <see cref="GatewayHome.Configure"/>.</summary>
    public static string Join(params string[] members) => string.Join(",\n  ", members);
}
