using System.Text;
using SmimeGateway.Host.Configuration;

namespace SmimeGateway.Host.Tests.Configuration;

/// <summary>A small valid configuration, and variations of it.</summary>
internal static class Sample
{
    public const string Json = """
        {
          "hostName": "gateway.example.com",
          "dataFolder": "../var",
          "listeners": [{ "name": "internal", "endpoint": "127.0.0.1:2525" }],
          "senders": [{ "address": "*@example.com" }],
          "certificates": { "own": [{ "name": "local", "authority": "ca", "issueFor": "*@example.com" }] },
          "rules": [{ "name": "sign", "when": { "sender": "*@example.com" }, "sign": { "with": "local" } }],
          "routes": [{ "recipients": "*", "folder": "outbox" }]
        }
        """;

    /// <summary>The configuration with a piece replaced.</summary>
    public static string With(string piece, string replacement)
    {
        Json.ShouldContain(piece);
        return Json.Replace(piece, replacement, StringComparison.Ordinal);
    }

    /// <summary>The configuration with other rules.</summary>
    public static string WithRules(string rules) =>
        With("""[{ "name": "sign", "when": { "sender": "*@example.com" }, "sign": { "with": "local" } }]""", rules);

    public static LoadResult Load(string json) => ConfigurationLoader.Load("/etc/smimegateway/gateway.json", Encoding.UTF8.GetBytes(json));

    public static GatewayOptions LoadValid(string json)
    {
        var result = Load(json);
        result.Errors.ShouldBeEmpty();
        return result.Options.ShouldNotBeNull();
    }
}
