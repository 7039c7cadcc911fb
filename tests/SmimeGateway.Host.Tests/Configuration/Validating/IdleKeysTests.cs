using System.Text.Json;
using SmimeGateway.Accepting;
using SmimeGateway.Deciding.Options;
using SmimeGateway.Locating;
using SmimeGateway.Relaying;

namespace SmimeGateway.Host.Tests.Configuration.Validating;

/// <summary>A key that has no effect where it stands is told, whichever it is.</summary>
public sealed class IdleKeysTests
{
    private const string Secret = """{ "file": "secret" }""";

    // A value for each key of the kinds below: who adds a key says where it has an effect.
    private static readonly Dictionary<string, string> Values = new()
    {
        ["pkcs12"] = "\"a.pfx\"",
        ["pem"] = """{ "certificate": "a.crt", "key": "a.key" }""",
        ["folder"] = "\"folder\"",
        ["authority"] = "\"ca\"",
        ["password"] = Secret,
        ["issueFor"] = "\"*@example.com\"",
        ["issuePerHour"] = "5",
        ["issueAtMost"] = "5",
        ["issueKeys"] = "\"p256\"",
        ["proxy"] = "\"socks5://127.0.0.1:1080\"",
        ["proxyPassword"] = Secret,
        ["accept"] = "\"trusted\"",
        ["harvested"] = "{}",
        ["hosts"] = "\"127.0.0.1:25\"",
        ["tls"] = "\"required\"",
        ["trust"] = """{ "name": "a.example" }""",
        ["certificate"] = """{ "pkcs12": "a.pfx" }""",
        ["minimumVersion"] = "\"1.2\"",
        ["authentication"] = """{ "user": "a", "password": { "file": "secret" } }""",
        ["chunking"] = "true",
        ["connections"] = "5",
        ["connectionsPerHost"] = "5",
        ["messagesPerMinute"] = "5",
        ["mode"] = "\"off\"",
        ["key"] = "\"a.key\"",
        ["clientCertificates"] = "{}",
        ["roots"] = "\"a.pem\"",
        ["fingerprints"] = $"\"{new string('A', 64)}\"",
        ["users"] = "\"users.json\"",
        ["sign"] = """{ "with": "local" }""",
        ["encrypt"] = """{ "to": "partners" }""",
        ["wrap"] = "\"triple\"",
        ["removeTrigger"] = "true",
        ["tnef"] = "\"convert\"",
        ["profile"] = "\"edi-energy\"",
        ["alreadyProtected"] = "\"keep\"",
    };

    // The kind, what makes an entry of it, where it stands, its options, and the keys that have an effect beside it.
    public static TheoryData<string, string, Type, string[]> Kinds => new()
    {
        { "own", "\"name\": \"x\", \"pkcs12\": \"a.pfx\"", typeof(OwnCertificateOptions), ["password"] },
        { "own", "\"name\": \"x\", \"pem\": { \"certificate\": \"a.crt\", \"key\": \"a.key\" }", typeof(OwnCertificateOptions), [] },
        { "own", "\"name\": \"x\", \"folder\": \"a\"", typeof(OwnCertificateOptions), ["password"] },
        { "own", "\"name\": \"x\", \"authority\": \"ca2\", \"issueFor\": \"*@example.com\"", typeof(OwnCertificateOptions), ["issuePerHour", "issueAtMost", "issueKeys"] },
        { "partners", "\"name\": \"x\", \"folder\": \"a\"", typeof(PartnerCertificateOptions), ["accept"] },
        { "partners", "\"name\": \"x\", \"harvested\": {}", typeof(PartnerCertificateOptions), [] },
        { "routes", "\"recipients\": \"*@a.example\", \"folder\": \"a\"", typeof(RouteOptions), [] },
        { "tls", "\"mode\": \"off\"", typeof(ListenerTlsOptions), ["clientCertificates"] },
        { "clientCertificates", "\"mode\": \"off\"", typeof(ClientCertificateOptions), [] },
        { "authentication", "\"mode\": \"off\"", typeof(ListenerAuthenticationOptions), [] },
        { "rules", "\"name\": \"x\", \"when\": { \"subject\": \"a\" }, \"pass\": true", typeof(RuleOptions), [] },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_key_without_effect_at_its_place_is_told(string place, string entry, Type options, string[] effective)
    {
        Complaints(place, entry).ShouldNotContain(line => line.Contains("Remove the key", StringComparison.Ordinal));
        foreach (var key in options.GetProperties().Select(property => JsonNamingPolicy.CamelCase.ConvertName(property.Name)))
        {
            if (key is "equalityContract" || entry.Contains($"\"{key}\"", StringComparison.Ordinal))
            {
                continue;
            }

            Values.ShouldContainKey(key);
            var told = Complaints(place, $"{entry}, \"{key}\": {Value(place, key)}").Except(Complaints(place, entry)).ToList();
            (told.Count > 0).ShouldBe(!effective.Contains(key), $"{place} {entry}: {key}: {string.Join(" / ", told)}");
        }
    }

    private static string Value(string place, string key) => (place, key) switch
    {
        ("tls", "certificate") => "\"a.crt\"",
        _ => Values[key],
    };

    private static List<string> Complaints(string place, string entry)
    {
        var json = place switch
        {
            "own" => Sample.With("\"own\": [", $"\"own\": [{{ {entry} }}, "),
            "partners" => Sample.With("\"own\": [", $"\"trust\": {{ \"systemRoots\": true }}, \"partners\": [{{ {entry} }}], \"own\": ["),
            "routes" => Sample.With("\"routes\": [", $"\"routes\": [{{ {entry} }}, "),
            "rules" => Sample.With("\"rules\": [", $"\"rules\": [{{ {entry} }}, "),
            "clientCertificates" => Sample.With("127.0.0.1:2525\"", $"127.0.0.1:2525\", \"tls\": {{ \"clientCertificates\": {{ {entry} }} }}"),
            _ => Sample.With("127.0.0.1:2525\"", $"127.0.0.1:2525\", \"{place}\": {{ {entry} }}"),
        };
        var loaded = Sample.Load(json);
        return [.. loaded.Errors.Concat(loaded.Warnings).Select(complaint => $"{complaint.Path}: {complaint.Problem}. {complaint.Remedy}")];
    }
}
