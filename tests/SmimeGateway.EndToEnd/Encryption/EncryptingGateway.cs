using System.Security.Cryptography.X509Certificates;
using SmimeGateway.EndToEnd.Interop;
using SmimeGateway.TestSupport;

namespace SmimeGateway.EndToEnd.Encryption;

/// <summary>
/// A gateway that does with mail from alice what the recipient's domain says, for example <c>bob@clear.triple.example</c>, and judges with
/// the key of the recipient.
/// </summary>
public sealed class EncryptingGateway : IAsyncLifetime, IDisposable
{
    public const string Alice = "alice@example.com";

    /// <summary>Each domain and the members of its rule.</summary>
    private static readonly Dictionary<string, string> Rules = new()
    {
        ["encrypt.example"] = Encrypt,
        ["gcm.encrypt.example"] = """ "encrypt": { "to": ["partners"], "ciphers": ["aes256-gcm"], "whenMissing": "reject" } """,
        ["clear.sign.example"] = Encrypt + """, "sign": { "with": "office", "form": "clear", "whenMissing": "reject" } """,
        ["opaque.sign.example"] = Encrypt + """, "sign": { "with": "office", "form": "opaque", "whenMissing": "reject" } """,
        ["again.sign.example"] = Encrypt + """, "sign": { "with": "office", "whenMissing": "reject" }, "alreadyProtected": "signAgain" """,
        ["clear.triple.example"] = Encrypt + """, "sign": { "with": "office", "form": "clear", "whenMissing": "reject" }, "wrap": "triple" """,
        ["opaque.triple.example"] = Encrypt + """, "sign": { "with": "office", "form": "opaque", "whenMissing": "reject" }, "wrap": "triple" """,
    };

    private const string Encrypt = """ "encrypt": { "to": ["partners"], "whenMissing": "reject" } """;

    private readonly GatewayHome _home = new();
    private readonly CollectingNextHop _nextHop = new();
    private GatewayProcess? _process;

    /// <summary>The certificate of all recipients, with its key.</summary>
    public X509Certificate2 Bob { get; } = TestPki.IssueFor(Rules.Keys.Select(domain => "bob@" + domain), keyOwner: "bob");

    /// <summary>All who judge; those that decrypt have the key.</summary>
    internal Judges Judges { get; } = new();

    /// <summary>Sends a message to bob at that domain, and returns what comes out.</summary>
    internal async Task<CollectedMessage> SendAsync(string domain, byte[] message, string parameters = "")
    {
        var before = _nextHop.Messages.Count;
        var reply = await OfferAsync(domain, message, parameters);
        reply.Code.ShouldBe(250, reply.Text + "\n" + _process!.Log);
        return (await _nextHop.ReceivesAsync(before + 1))[before];
    }

    /// <summary>Offers a message to bob at that domain, and returns the last reply.</summary>
    internal async Task<RawReply> OfferAsync(string domain, byte[] message, string parameters)
    {
        await using var dialog = await _process!.DialogAsync();
        return await dialog.SendAsync(Alice, ["bob@" + domain], message, parameters);
    }

    /// <summary>A message decrypted by OpenSSL, gpgsm and NSS, which must agree; the two latter are not asked where they cannot know the cipher.</summary>
    internal async Task<byte[]> DecryptAsync(byte[] message, bool byAll = true)
    {
        var content = await OpenSsl.DecryptAsync(message, Bob);
        content.ShouldNotBeNull(_process!.Log);
        (await OpenSsl.DecryptAsync(message, TestPki.Issue("mallory@example.com", keyOwner: "mallory"))).ShouldBeNull();
        if (byAll)
        {
            (await Judges.Gpgsm.DecryptAsync(message)).ShouldBe(content);
            (await Judges.Cmsutil.DecryptAsync(message)).ShouldBe(content);
        }

        return content;
    }

    /// <summary>A message of alice whose signature OpenSSL, gpgsm and NSS find good; returns what is signed.</summary>
    internal async Task<byte[]> VerifyAsync(byte[] message)
    {
        var (openSsl, content) = await Judges.OpenSsl.OpenAsync(message);
        openSsl.IsGoodFor(Alice).ShouldBeTrue(openSsl.Text);
        var gpgsm = await Judges.Gpgsm.JudgeAsync(message);
        gpgsm.IsGoodFor(Alice).ShouldBeTrue(gpgsm.Text);
        var nss = await Judges.Cmsutil.JudgeAsync(message);
        nss.IsGood.ShouldBeTrue(nss.Text);
        return content;
    }

    public async Task InitializeAsync()
    {
        await Judges.InitializeAsync();
        await Judges.Gpgsm.ImportAsync(Bob);
        await Judges.Cmsutil.ImportAsync(Bob);
        var rules = Rules.Select(rule => $$"""{ "name": "{{rule.Key}}", "when": { "recipient": "bob@{{rule.Key}}" }, {{rule.Value}} }""");
        _home.Configure(Members.Join(
            Members.Senders,
            Members.OfficeAndPartners(_home, TestPki.Issue(Alice), Bob),
            Members.Relay(_nextHop.Port),
            $"\"rules\": [{string.Join(",\n", rules)}]"));
        _process = await GatewayProcess.StartAsync(_home);
    }

    public async Task DisposeAsync()
    {
        await (_process?.DisposeAsync() ?? ValueTask.CompletedTask);
        await _nextHop.DisposeAsync();
        await Judges.DisposeAsync();
        Dispose();
    }

    public void Dispose() => _home.Dispose();
}
