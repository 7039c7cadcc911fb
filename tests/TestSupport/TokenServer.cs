using System.Collections.Concurrent;
using System.Net;
using System.Text;

namespace SmimeGateway.TestSupport;

/// <summary>A token endpoint (OAuth 2.0) on loopback that answers as a test tells it.</summary>
public sealed class TokenServer : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Task _serving;

    /// <summary>Starts listening.</summary>
    public TokenServer()
    {
        Address = $"http://127.0.0.1:{Loopback.FreePort()}/oauth2/token";
        _listener.Prefixes.Add(Address + "/");
        _listener.Start();
        _serving = ServeAsync();
    }

    /// <summary>The address of the endpoint.</summary>
    public string Address { get; }

    /// <summary>The forms that came in, decoded.</summary>
    public ConcurrentQueue<IReadOnlyDictionary<string, string>> Requests { get; } = new();

    /// <summary>The answer to the n-th request, counted from 1: status and body.</summary>
    public Func<int, (int Status, string Body)> Answer { get; set; } =
        number => (200, $$"""{ "token_type": "Bearer", "access_token": "token-{{number}}", "expires_in": 3600 }""");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _serving;
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var exchange = await _listener.GetContextAsync();
                using var reader = new StreamReader(exchange.Request.InputStream);
                var form = (await reader.ReadToEndAsync()).Split('&', StringSplitOptions.RemoveEmptyEntries)
                    .Select(field => field.Split('='))
                    .ToDictionary(field => WebUtility.UrlDecode(field[0]), field => WebUtility.UrlDecode(field[1]), StringComparer.Ordinal);
                Requests.Enqueue(form);
                var (status, body) = Answer(Requests.Count);
                exchange.Response.StatusCode = status;
                await exchange.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(body));
                exchange.Response.Close();
            }
        }
        catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException or IOException)
        {
            // The test ended.
        }
    }
}
