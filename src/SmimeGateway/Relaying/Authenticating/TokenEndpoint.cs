using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using SmimeGateway.Smtp.Client;

namespace SmimeGateway.Relaying.Authenticating;

/// <summary>Asks a token endpoint (RFC 6749 section 3.2). Every failure is a sentence without secrets.</summary>
internal sealed partial class TokenEndpoint : IDisposable
{
    private const int MaxResponseBytes = 64 * 1024;
    private const int MaxTokenChars = 32 * 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    // Where the answer does not say (RFC 6749 section 5.1): shorter than any provider's.
    private static readonly TimeSpan UnstatedLifetime = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LongestLifetime = TimeSpan.FromDays(1);

    private readonly Uri _address;
    private readonly TimeProvider _time;
    private readonly SocketsHttpHandler _handler;
    private readonly HttpClient _client;

    public TokenEndpoint(Uri address, IWebProxy? proxy, TimeProvider time)
    {
        _address = address;
        _time = time;
        _handler = new SocketsHttpHandler
        {
            // A redirection would take the secret elsewhere.
            AllowAutoRedirect = false,
            Proxy = proxy,
            UseCookies = false,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            MaxResponseHeadersLength = 64,
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
        };
        _client = new HttpClient(_handler, disposeHandler: false)
        {
            MaxResponseContentBufferSize = MaxResponseBytes,
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    /// <summary>Sends the form and reads the token.</summary>
    /// <exception cref="CredentialsUnavailableException">There is none, with the reason.</exception>
    public async Task<AccessToken> FetchAsync(IReadOnlyDictionary<string, string> form, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Patience, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            using var content = new FormUrlEncodedContent(form);
            using var response = await _client.PostAsync(_address, content, either.Token);
            var body = await response.Content.ReadAsByteArrayAsync(either.Token);
            return response.StatusCode == HttpStatusCode.OK ? ReadToken(body) : throw Refused(response.StatusCode, body);
        }
        catch (HttpRequestException exception)
        {
            throw Unavailable($"could not be asked: {Explain(exception)}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Unavailable($"gave no answer within {Patience.TotalSeconds:0} seconds");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _client.Dispose();
        _handler.Dispose();
    }

    private AccessToken ReadToken(byte[] body)
    {
        try
        {
            using var answer = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 16 });
            var token = answer.RootElement.GetProperty("access_token").GetString();
            if (string.IsNullOrEmpty(token) || token.Length > MaxTokenChars || token.Any(c => c is <= ' ' or > '~'))
            {
                throw Unavailable("answered with something that is no token");
            }

            return new AccessToken(token, ReadLifetime(answer.RootElement));
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw Unavailable("answered with something that is no token");
        }
    }

    // A number, though some write it as text.
    private static TimeSpan ReadLifetime(JsonElement answer)
    {
        if (!answer.TryGetProperty("expires_in", out var written)
            || !double.TryParse(written.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds)
            || !(seconds > 0))
        {
            return UnstatedLifetime;
        }

        return TimeSpan.FromSeconds(Math.Min(seconds, LongestLifetime.TotalSeconds));
    }

    // RFC 6749 section 5.2. The description is not quoted, as it may repeat what was sent; of Microsoft's the number is, which says it all.
    private CredentialsUnavailableException Refused(HttpStatusCode status, byte[] body)
    {
        var reason = string.Empty;
        try
        {
            using var answer = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 16 });
            if (answer.RootElement.GetProperty("error").GetString() is { } error && ErrorCode().IsMatch(error))
            {
                reason = $" {error}";
            }

            if (answer.RootElement.TryGetProperty("error_description", out var description)
                && MicrosoftCode().Match(description.GetString() ?? string.Empty) is { Success: true } code)
            {
                reason += $" ({code.Value})";
            }
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            // The status says enough.
        }

        return Unavailable($"refused: {(int)status}{reason}");
    }

    private CredentialsUnavailableException Unavailable(string what) =>
        new($"There is no token to log in with: {_address.GetLeftPart(UriPartial.Path)} {what}.");

    private static string Explain(HttpRequestException exception) => exception.HttpRequestError switch
    {
        HttpRequestError.NameResolutionError => "its name has no address",
        HttpRequestError.ConnectionError => "no connection was made",
        HttpRequestError.SecureConnectionError => "its certificate is not trusted, or no TLS was agreed on",
        HttpRequestError.ConfigurationLimitExceeded => "its answer is too long",
        _ => "the connection failed",
    };

    [GeneratedRegex("^[a-zA-Z0-9_.-]{1,100}$")]
    private static partial Regex ErrorCode();

    [GeneratedRegex("AADSTS[0-9]{3,9}")]
    private static partial Regex MicrosoftCode();
}
