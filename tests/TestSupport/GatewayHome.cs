namespace SmimeGateway.TestSupport;

/// <summary>
/// A place for one gateway: configuration file, data folder, a free port. Tests give the parts of the configuration that they are
/// about; the rest is what every test needs.
/// </summary>
public sealed class GatewayHome : IDisposable
{
    private readonly ScratchFolder _folder = new();

    /// <summary>Makes an empty home.</summary>
    public GatewayHome()
    {
        Port = Loopback.FreePort();
        DataFolder = _folder.Path + "/var";
    }

    /// <summary>The port of the listener <c>internal</c>.</summary>
    public int Port { get; }

    /// <summary>Where the gateway writes.</summary>
    public string DataFolder { get; set; }

    /// <summary>The folder of the configuration file.</summary>
    public string Folder => _folder.Path;

    /// <summary>The configuration file.</summary>
    public string ConfigurationFile => _folder.Path + "/smimegateway.json";

    /// <summary>The folder that a folder route named <c>outbox</c> fills.</summary>
    public string Outbox => DataFolder + "/outbox";

    /// <summary>What lies in the outbox, oldest first.</summary>
    public IReadOnlyList<byte[]> OutboxMessages() => Directory.Exists(Outbox)
        ? [.. Directory.GetFiles(Outbox, "*.eml").Order(StringComparer.Ordinal).Select(File.ReadAllBytes)]
        : [];

    /// <summary>
    /// Writes the configuration: the given top-level members (<c>"rules": [...], "routes": [...]</c> and so on) beside host name, data
    /// folder, one listener and log.
    /// </summary>
    /// <param name="members">JSON members, as they stand in the documentation.</param>
    /// <param name="limits">The members of the listener's <c>limits</c>.</param>
    /// <param name="logLevel">The level; tests that read the story of a message need debug.</param>
    /// <param name="listener">Further members of the listener, each with a comma before it.</param>
    /// <param name="listeners">Listeners in place of the one: whole objects with commas between them; null for the one.</param>
    public GatewayHome Configure(
        string members,
        string limits = "\"connections\": 2000, \"connectionsPerClient\": 2000",
        string logLevel = "debug",
        string listener = "",
        string? listeners = null)
    {
        listeners ??= $$"""{ "name": "internal", "endpoint": "127.0.0.1:{{Port}}", "clients": ["127.0.0.0/8"], "limits": { {{limits}} }{{listener}} }""";
        Write("smimegateway.json", $$"""
            {
              "hostName": "gateway.example.com",
              "dataFolder": "{{DataFolder}}",
              "listeners": [
                {{listeners}}
              ],
              "log": { "level": "{{logLevel}}", "file": "logs/smimegateway-.log" },
              {{members}}
            }
            """);
        return this;
    }

    /// <summary>Writes a file beside the configuration and returns its path.</summary>
    public string Write(string name, string content) => _folder.Write(name, content);

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();
}
