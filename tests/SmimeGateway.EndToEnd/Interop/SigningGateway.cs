using System.Security.Cryptography.X509Certificates;
using SmimeGateway.TestSupport;

namespace SmimeGateway.EndToEnd.Interop;

/// <summary>
/// A gateway that signs as the recipient's domain says, <c>x@clear.sha256.pkcs1.example</c>, with a certificate of the key kind that the
/// sender's local part says, <c>ecp256@example.com</c>.
/// </summary>
public sealed class SigningGateway : IAsyncLifetime, IDisposable
{
    public static readonly string[] Forms = ["clear", "opaque"];
    public static readonly string[] Digests = ["sha256", "sha384", "sha512"];
    public static readonly string[] Paddings = ["pkcs1", "pss"];

    private readonly GatewayHome _home = new();
    private readonly CollectingNextHop _nextHop = new();
    private GatewayProcess? _process;

    /// <summary>What comes out for the message.</summary>
    public async Task<byte[]> SignAsync(KeyKind kind, string form, string digest, string padding, byte[] message)
    {
        var to = $"{Guid.NewGuid():N}@{form}.{digest}.{padding}.example";
        var reply = await _process!.SendAsync(Sender(kind), to, message);
        reply.Code.ShouldBe(250, reply.Text + "\n" + _process.Log);
        await Eventually.TrueAsync(() => _nextHop.Messages.Any(taken => taken.Recipients.Contains(to)));
        return _nextHop.Messages.First(taken => taken.Recipients.Contains(to)).Content;
    }

    /// <summary>The sender whose certificate has a key of that kind.</summary>
    public static string Sender(KeyKind kind) => kind.ToString().ToLowerInvariant() + "@example.com";

    public async Task InitializeAsync()
    {
        X509Certificate2[] certificates = [.. Enum.GetValues<KeyKind>().Select(kind => TestPki.Issue(Sender(kind), kind))];
        var rules =
            from form in Forms
            from digest in Digests
            from padding in Paddings
            select $$"""
                { "name": "{{form}} {{digest}} {{padding}}", "when": { "recipient": "*@{{form}}.{{digest}}.{{padding}}.example" },
                  "sign": { "with": ["office"], "form": "{{form}}", "digest": "{{digest}}", "padding": "{{padding}}", "whenMissing": "reject" } }
                """;
        _home.Configure(Members.Join(
            Members.Senders,
            Members.Office(_home, certificates),
            Members.Relay(_nextHop.Port),
            $"\"rules\": [{string.Join(",\n", rules)}]"));
        _process = await GatewayProcess.StartAsync(_home);
    }

    public async Task DisposeAsync()
    {
        await (_process?.DisposeAsync() ?? ValueTask.CompletedTask);
        await _nextHop.DisposeAsync();
        Dispose();
    }

    public void Dispose() => _home.Dispose();
}
