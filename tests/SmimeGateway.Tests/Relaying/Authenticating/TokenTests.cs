using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using SmimeGateway.Relaying;
using SmimeGateway.Relaying.Authenticating;
using SmimeGateway.Settings;
using SmimeGateway.Smtp;
using SmimeGateway.Smtp.Client;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests.Relaying.Authenticating;

/// <summary>Tokens from a real endpoint, used at a next hop that speaks TLS and XOAUTH2.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The test runner disposes by IAsyncLifetime.")]
public sealed class TokenTests : IAsyncLifetime
{
    private const string Secret = "s3cret-of-the-application";

    private readonly ManualTimeProvider _time = new();
    private readonly ScratchFolder _folder = new();
    private readonly TokenServer _server = new();
    private readonly ScriptedNextHop _nextHop = ScriptedNextHop.Start();
    private SmtpDelivery _delivery = null!;

    public Task InitializeAsync()
    {
        _nextHop.Tls = new NextHopTls(TestPki.ForHost("127.0.0.1"));
        _nextHop.Extensions = [.. _nextHop.Extensions, "STARTTLS"];
        _nextHop.ExtensionsUnderTls = ["PIPELINING", "8BITMIME", "AUTH XOAUTH2"];
        _delivery = SomeRoute.Open(
            SomeRoute.To(_nextHop, RouteTls.Required) with
            {
                Trust = new RouteTrustOptions { Roots = [_folder.Write("root.pem", TestPki.MakeCertificatePem(TestPki.Root))] },
                Authentication = new RouteAuthenticationOptions { User = "gateway@example.com", Token = Application() },
            },
            _time);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await _delivery.DisposeAsync();
        await _nextHop.DisposeAsync();
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_token_is_fetched_once_used_for_all_connections_and_replaced_before_it_expires()
    {
        await DeliverAsync(DeliveryAction.Delivered);
        await NewConnectionAfterAsync(TimeSpan.FromMinutes(54));
        await DeliverAsync(DeliveryAction.Delivered);
        _server.Requests.Count.ShouldBe(1, "it lives for an hour");

        await NewConnectionAfterAsync(TimeSpan.FromMinutes(2));
        await DeliverAsync(DeliveryAction.Delivered);

        _server.Requests.Count.ShouldBe(2, "five minutes before its end another one is fetched");
        _nextHop.Commands.Count(command => command == Login("token-1")).ShouldBe(2);
        _nextHop.Commands.Count(command => command == Login("token-2")).ShouldBe(1);
        var form = _server.Requests.First();
        form["grant_type"].ShouldBe("client_credentials");
        form["client_id"].ShouldBe("application-id");
        form["client_secret"].ShouldBe(Secret);
        form["scope"].ShouldBe("https://outlook.office365.com/.default");
    }

    [Fact]
    public async Task A_refusal_of_the_endpoint_delays_the_mail_with_its_reason_and_without_the_secret_and_is_not_repeated_for_each_message()
    {
        _server.Answer = _ => (401, $$"""{ "error": "invalid_client", "error_description": "AADSTS7000215: Invalid client secret {{Secret}}" }""");

        var status = await DeliverAsync(DeliveryAction.Delayed);
        for (var i = 0; i < 20; i++)
        {
            await DeliverAsync(DeliveryAction.Delayed);
        }

        status.Diagnostic.ShouldContain("/oauth2/token refused: 401 invalid_client (AADSTS7000215)");
        status.Diagnostic.ShouldNotContain(Secret);
        _server.Requests.Count.ShouldBe(1);
        _nextHop.Commands.ShouldNotContain(command => command.StartsWith("MAIL", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_token_that_the_next_hop_refuses_is_replaced_once()
    {
        await DeliverAsync(DeliveryAction.Delivered);
        _nextHop.Script = (verb, line) => verb == "AUTH" && line == Login("token-1") ? ScriptedReply.Say("535 5.7.3 Authentication unsuccessful") : null;
        await NewConnectionAfterAsync(TimeSpan.FromMinutes(10));

        await DeliverAsync(DeliveryAction.Delivered);

        _server.Requests.Count.ShouldBe(2);
    }

    [Fact]
    public async Task When_every_token_is_refused_the_mail_waits_and_the_reason_shows_no_token()
    {
        _nextHop.Script = (verb, _) => verb == "AUTH" ? ScriptedReply.Say("535 5.7.3 Authentication unsuccessful") : null;

        var status = await DeliverAsync(DeliveryAction.Delayed);

        status.Diagnostic.ShouldContain("535 5.7.3");
        status.Diagnostic.ShouldNotContain("token-");
        _server.Requests.Count.ShouldBeLessThanOrEqualTo(2);
    }

    [Fact]
    public async Task While_the_endpoint_is_down_the_token_at_hand_serves_until_its_end()
    {
        await DeliverAsync(DeliveryAction.Delivered);
        _server.Answer = _ => (503, "down");
        await NewConnectionAfterAsync(TimeSpan.FromMinutes(57));
        await DeliverAsync(DeliveryAction.Delivered);

        await NewConnectionAfterAsync(TimeSpan.FromMinutes(4));

        (await DeliverAsync(DeliveryAction.Delayed)).Diagnostic.ShouldContain("refused: 503");
    }

    [Theory]
    [InlineData("no json")]
    [InlineData("{}")]
    [InlineData("{ \"access_token\": 5 }")]
    [InlineData("{ \"access_token\": \"two words\" }")]
    [InlineData("{ \"access_token\": \"\\u0001\" }")]
    [InlineData("[]")]
    public async Task An_answer_that_is_no_token_is_a_delay(string body)
    {
        _server.Answer = _ => (200, body);

        (await DeliverAsync(DeliveryAction.Delayed)).Diagnostic.ShouldContain("answered with something that is no token");
    }

    [Fact]
    public async Task An_endless_answer_is_cut_off()
    {
        _server.Answer = _ => (200, new string(' ', 1_000_000));

        (await DeliverAsync(DeliveryAction.Delayed)).Diagnostic.ShouldContain("its answer is too long");
    }

    [Fact]
    public async Task Everybody_who_asks_while_a_token_is_fetched_gets_that_one()
    {
        var fetches = 0;
        var answer = new TaskCompletionSource<AccessToken>();
        using var source = new TokenSource(
            _ =>
            {
                fetches++;
                return answer.Task;
            },
            "endpoint",
            _time,
            Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
        var asking = Enumerable.Range(0, 50).Select(_ => source.GetAsync(isRefused: false, default).AsTask()).ToList();

        answer.SetResult(new AccessToken("t", TimeSpan.FromHours(1)));

        (await Task.WhenAll(asking)).ShouldAllBe(token => token == "t");
        fetches.ShouldBe(1);
    }

    [Fact]
    public async Task An_endpoint_that_fails_is_left_alone_for_longer_and_longer()
    {
        var fetches = 0;
        using var source = new TokenSource(
            _ =>
            {
                fetches++;
                return Task.FromException<AccessToken>(new CredentialsUnavailableException("Down."));
            },
            "endpoint",
            _time,
            Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);

        for (var second = 0; second < 3600; second++)
        {
            await Should.ThrowAsync<CredentialsUnavailableException>(() => source.GetAsync(isRefused: false, default).AsTask());
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        fetches.ShouldBeInRange(10, 20, "5 s, 10 s, 20 s, ... 5 min");
    }

    [Fact]
    public void A_service_account_signs_for_the_mailbox()
    {
        using var key = RSA.Create(2048);
        var file = JsonSerializer.Serialize(new { client_email = "robot@project.example", private_key_id = "k1", private_key = key.ExportPkcs8PrivateKeyPem() });
        var options = new RouteTokenOptions
        {
            Endpoint = _server.Address,
            Scope = "https://mail.google.com/",
            ServiceAccount = new SecretOptions { File = _folder.Write("google.json", file) },
        };

        var form = TokenRequest.Write(options, "gateway@example.com", _time);

        form["grant_type"].ShouldBe("urn:ietf:params:oauth:grant-type:jwt-bearer");
        var parts = form["assertion"].Split('.');
        var signed = Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}");
        key.VerifyData(signed, System.Buffers.Text.Base64Url.DecodeFromChars(parts[2]), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).ShouldBeTrue();
        var claims = JsonDocument.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(parts[1])).RootElement;
        claims.GetProperty("iss").GetString().ShouldBe("robot@project.example");
        claims.GetProperty("sub").GetString().ShouldBe("gateway@example.com");
        claims.GetProperty("aud").GetString().ShouldBe(_server.Address);
        claims.GetProperty("exp").GetInt64().ShouldBe(_time.GetUtcNow().AddMinutes(10).ToUnixTimeSeconds());
    }

    [Fact]
    public void A_broken_service_account_is_told_without_its_content()
    {
        var options = Application() with { ServiceAccount = new SecretOptions { File = _folder.Write("google.json", "{ \"private_key\": \"geheim\" }") } };

        Should.Throw<CredentialsUnavailableException>(() => TokenRequest.Write(options, "gateway@example.com", _time)).ToString().ShouldNotContain("geheim");
    }

    private static string Login(string token) =>
        "AUTH XOAUTH2 " + Convert.ToBase64String(Encoding.ASCII.GetBytes($"user=gateway@example.com\u0001auth=Bearer {token}\u0001\u0001"));

    private RouteTokenOptions Application() => new()
    {
        Endpoint = _server.Address,
        ClientId = "application-id",
        ClientSecret = new SecretOptions { File = _folder.Write("secret", Secret + "\n") },
        Scope = "https://outlook.office365.com/.default",
    };

    // Kept connections grow too old, so the next message needs a new one.
    private async Task NewConnectionAfterAsync(TimeSpan pause)
    {
        _time.Advance(pause);
        await Eventually.TrueAsync(() => _nextHop.OpenConnections == 0);
    }

    private async Task<DeliveryStatus> DeliverAsync(DeliveryAction action)
    {
        var status = (await SomeRoute.DeliverAsync(_delivery)).Statuses.Single();
        status.Action.ShouldBe(action, status.Diagnostic);
        return status;
    }
}
