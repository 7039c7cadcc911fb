using System.Diagnostics.CodeAnalysis;
using System.Security.Authentication;
using SmimeGateway.TestSupport;

namespace SmimeGateway.EndToEnd.Faults;

/// <summary>Next hops that cannot prove who they are, or would have the mail in plain, where the route demands TLS.</summary>
public sealed class UntrustedNextHopTests
{
    private const string Name = "smtp.provider.example";
    private static readonly string[] Plain = ["PIPELINING", "SIZE 52428800", "8BITMIME", "ENHANCEDSTATUSCODES"];

    [Fact]
    public async Task Nothing_is_sent_the_reason_is_told_at_once_and_the_mail_leaves_when_it_may()
    {
        Dictionary<string, (string Reason, Action<ScriptedNextHop> Spoil)> cases = new()
        {
            ["expired"] = ("is valid from", hop => hop.Tls = new NextHopTls(TestPki.ForHost(Name, notAfter: TestPki.NotBefore.AddYears(1)))),
            ["wrong-name"] = ("it is for other.example", hop => hop.Tls = new NextHopTls(TestPki.ForHost("other.example"))),
            ["unknown-issuer"] = ("self-signed", hop => hop.Tls = new NextHopTls(TestServers.SelfSigned(Name))),
            ["wrong-usage"] = ("not meant for servers", hop => hop.Tls = new NextHopTls(TestPki.Issue("alice@example.com"))),
            ["old-version"] = ("TLS", hop => hop.Tls = new NextHopTls(TestPki.ForHost(Name)) { Protocols = OldVersion }),
            ["not-offered"] = ("STARTTLS", hop => hop.Extensions = Plain),
            ["refused"] = ("STARTTLS", hop => hop.Script = (command, _) => command == "STARTTLS" ? ScriptedReply.Say("454 4.7.0 TLS not available") : null),
            ["injected"] = ("a reply came that no command asked for", hop => hop.Script = (command, _) => command == "STARTTLS" ? ScriptedReply.Say("220 2.0.0 go ahead", "250 2.0.0 injected") : null),
            ["no-handshake"] = ("TLS", hop => hop.Script = (command, _) => command == "HANDSHAKE" ? ScriptedReply.Say("250 what do you mean?") : null),
        };
        using var home = new GatewayHome();
        home.Write("roots.pem", TestPki.MakeCertificatePem(TestPki.Public(TestPki.Root)));
        var hops = cases.Keys.ToDictionary(name => name, _ => Honest());
        var routes = hops.Select(hop => $$"""
            { "recipients": ["*@{{hop.Key}}.example"], "hosts": ["127.0.0.1:{{hop.Value.Port}}"], "tls": "required", "trust": { "roots": ["roots.pem"], "name": "{{Name}}" } }
            """);
        home.Configure(Members.Join(Members.Senders, $"\"routes\": [{string.Join(',', routes)}]", "\"queue\": { \"retry\": [\"1s\"] }", "\"rules\": []"));
        try
        {
            foreach (var (name, (_, spoil)) in cases)
            {
                spoil(hops[name]);
            }

            await using (var gateway = await GatewayProcess.StartAsync(home))
            {
                foreach (var name in cases.Keys)
                {
                    (await gateway.SendAsync("alice@example.com", $"bob@{name}.example", Lines.Message("alice@example.com"))).Code.ShouldBe(250);
                }

                foreach (var (name, (reason, _)) in cases)
                {
                    await Eventually.TrueAsync(() => Alarms(gateway, hops[name]).Any(), wanted: "an alarm about " + name);
                    Alarms(gateway, hops[name]).First().ShouldContain(reason, Case.Sensitive, name);
                    hops[name].Commands.ShouldNotContain(command => command.StartsWith("MAIL", StringComparison.OrdinalIgnoreCase), name);
                    hops[name].Reads.ShouldNotContain(read => read.Contains("alice", StringComparison.Ordinal), name);
                }

                (await gateway.TerminateAsync()).ShouldBe(0, gateway.Log);
            }

            foreach (var hop in hops.Values)
            {
                MakeHonest(hop);
            }

            // A new process knows of no pause, and asks at once.
            await using var second = await GatewayProcess.StartAsync(home);
            await Eventually.TrueAsync(() => hops.Values.All(hop => hop.Messages.Count == 1));
        }
        finally
        {
            foreach (var hop in hops.Values)
            {
                await hop.DisposeAsync();
            }
        }
    }

    // TLS 1.1; the framework's name for it is obsolete.
    [SuppressMessage("Security", "CA5397", Justification = "A next hop that insists on an old version must be seen to fail.")]
    private static SslProtocols OldVersion => (SslProtocols)768;

    private static ScriptedNextHop Honest()
    {
        var hop = ScriptedNextHop.Start();
        MakeHonest(hop);
        return hop;
    }

    private static void MakeHonest(ScriptedNextHop hop)
    {
        hop.Extensions = [.. Plain, "STARTTLS"];
        hop.Tls = new NextHopTls(TestPki.ForHost(Name));
        hop.Script = (_, _) => null;
    }

    private static IEnumerable<string> Alarms(GatewayProcess gateway, ScriptedNextHop hop) =>
        gateway.Log.Split('\n').Where(line => (line.Contains(" ERR ", StringComparison.Ordinal) || line.Contains(" WRN ", StringComparison.Ordinal)) && line.Contains($":{hop.Port} ", StringComparison.Ordinal));
}
