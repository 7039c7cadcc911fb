using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Host.Tests.Configuration;

/// <summary>
/// What the pages show of a configuration, put where it belongs in one that has the certificates and listeners the pages speak of. (The
/// examples of the generated reference have tests of their own.)
/// </summary>
public sealed partial class DocumentedSnippetsTests
{
    private const string Frame = """
        {
          "hostName": "gateway.example.com", "dataFolder": "/var/lib/smimegateway",
          "listeners": [{
            "name": "internal", "endpoint": "127.0.0.1:2525", "clients": ["10.0.0.0/8"],
            "tls": { "mode": "offered", "certificate": "tls/gateway.pfx" }, "authentication": { "mode": "offered", "users": "users.json" } }],
          "senders": [{ "address": "*@example.com" }],
          "certificates": {
            "own": [{ "name": "office", "folder": "certificates/own" }],
            "partners": [{ "name": "folder", "folder": "certificates/partners" }, { "name": "seen", "harvested": {} }],
            "trust": { "roots": ["trust/roots"] } },
          "rules": [{ "name": "frame", "when": { "subject": "nothing else" }, "sign": { "with": ["office"] } }],
          "routes": [{ "recipients": "*", "folder": "outbox" }]
        }
        """;

    private static readonly JsonDocumentOptions AsTheGatewayReads = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    private static readonly string[] InCertificates = ["own", "partners", "trust"];
    private static readonly string[] InListener = ["tls", "proxyProtocol", "proxies", "authentication", "limits"];
    private static readonly string[] InRule = ["sign", "encrypt"];

    public static TheoryData<string, string> Snippets
    {
        get
        {
            var pages = Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md").Where(page => Path.GetFileName(page) != "configuration.md").Order();
            var rows = new TheoryData<string, string>();
            foreach (var page in pages.Prepend(Path.Combine(Repository.Root, "README.md")))
            {
                foreach (Match snippet in Snippet().Matches(File.ReadAllText(page)))
                {
                    // Where something is left out nobody copies the whole.
                    if (!snippet.Value.Contains("...", StringComparison.Ordinal))
                    {
                        rows.Add(Path.GetFileName(page), snippet.Groups[1].Value);
                    }
                }
            }

            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Snippets))]
    public void What_a_page_shows_loads_without_errors_and_warnings(string page, string snippet)
    {
        var result = Sample.Load(Framed(snippet).ToJsonString());

        result.Errors.Concat(result.Warnings).ShouldBeEmpty(page);
    }

    private static JsonObject Framed(string snippet)
    {
        var frame = JsonNode.Parse(Frame)!.AsObject();
        if (snippet.StartsWith('{'))
        {
            var entries = JsonNode.Parse($"[{snippet}\n]", documentOptions: AsTheGatewayReads)!.AsArray();
            var place = entries[0]!.AsObject().ContainsKey("recipients") ? "routes" : "rules";
            frame[place] = entries;
            return frame;
        }

        foreach (var (key, value) in JsonNode.Parse($"{{{snippet}\n}}", documentOptions: AsTheGatewayReads)!.AsObject())
        {
            var place = PlaceOf(frame, key);
            var shown = value!.DeepClone();
            if (key == "own")
            {
                // The rule of the frame goes on naming the frame's certificates.
                shown.AsArray().Add(place[key]![0]!.DeepClone());
            }

            place[key] = shown;
        }

        return frame;
    }

    private static JsonObject PlaceOf(JsonObject frame, string key) =>
        InCertificates.Contains(key) ? frame["certificates"]!.AsObject()
        : InListener.Contains(key) ? frame["listeners"]![0]!.AsObject()
        : InRule.Contains(key) ? frame["rules"]![0]!.AsObject()
        : frame;

    [GeneratedRegex(@"^ *```jsonc\n(.*?)\n *```$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Snippet();
}
