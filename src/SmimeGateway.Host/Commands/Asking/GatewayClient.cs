using System.CommandLine;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using SmimeGateway.Host.Admin;

namespace SmimeGateway.Host.Commands.Asking;

/// <summary>Asks the running gateway through its socket.</summary>
internal sealed class GatewayClient : IDisposable
{
    // A gateway that drains a full queue answers within milliseconds; one that does not answer in this time is stuck.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly HttpClient _http;

    private GatewayClient(string socketPath)
    {
#pragma warning disable CA2000 // The client disposes the handler.
        var handler = new SocketsHttpHandler { ConnectCallback = (_, cancellationToken) => ConnectAsync(socketPath, cancellationToken) };
#pragma warning restore CA2000
        _http = new HttpClient(handler) { BaseAddress = new Uri("http://gateway"), Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>
    /// Finds the socket, lets the conversation take place, and turns what went wrong into a sentence and an exit code: 3 when nobody
    /// answers, 2 when the request was wrong, 1 when what it names is not there.
    /// </summary>
    public static async Task<int> AskAsync(SharedOptions options, ParseResult parsed, Func<GatewayClient, Task<int>> converse)
    {
        if ((parsed.GetValue(options.Socket) ?? LoadedConfiguration.Load(options.PathFrom(parsed))?.Admin.Socket) is not { } path)
        {
            Answer.Complain("To ask a gateway that runs, name its socket with --socket.");
            return ExitCode.WrongUsage;
        }

        using var client = new GatewayClient(path);
        try
        {
            return await converse(client);
        }
        catch (HttpRequestException refused) when (refused.StatusCode is { } status)
        {
            Answer.Complain(refused.Message);
            return status switch
            {
                HttpStatusCode.NotFound => ExitCode.No,
                HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge => ExitCode.WrongUsage,
                _ => ExitCode.Unreachable,
            };
        }
        catch (HttpRequestException unreachable) when (unreachable.InnerException is SocketException { SocketErrorCode: SocketError.AccessDenied })
        {
            Answer.Complain($"The socket {path} is closed to this account: run the command as the account of the gateway, or as root.");
            return ExitCode.Unreachable;
        }
        catch (HttpRequestException unreachable) when (unreachable.InnerException is SocketException)
        {
            Answer.Complain($"No running gateway answers at {path}: start it with \"smimegateway run\", or name its configuration with --config.");
            return ExitCode.Unreachable;
        }
        catch (Exception broken) when (broken is HttpRequestException or OperationCanceledException or IOException or JsonException)
        {
            Answer.Complain($"The gateway at {path} did not answer the question to its end: it is stopping, or stuck, or of another version. Its log says which.");
            return ExitCode.Unreachable;
        }
    }

    /// <summary>Asks for a value.</summary>
    /// <param name="path">The path and query.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="accepted">A code beside 200 whose answer is the value too.</param>
    public async Task<T> GetAsync<T>(string path, CancellationToken cancellationToken, HttpStatusCode? accepted = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        return await AskAsync<T>(request, accepted, cancellationToken);
    }

    /// <summary>Asks for octets.</summary>
    public async Task<byte[]> GetOctetsAsync(string path, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        await RequireAsync(response, accepted: null, cancellationToken);
        return await response.Content.ReadAsByteArrayAsync(cancellationToken);
    }

    /// <summary>Asks for something to be done.</summary>
    public async Task<T> PostAsync<T>(string path, object content, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(content, content.GetType(), options: AdminJson.Options) };
        return await AskAsync<T>(request, accepted: null, cancellationToken);
    }

    /// <summary>Reads an answer line by line until the gateway ends it.</summary>
    public async Task ReadLinesAsync(string path, Action<string> read, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        await RequireAsync(response, accepted: null, cancellationToken);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken));
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            read(line);
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<T> AskAsync<T>(HttpRequestMessage request, HttpStatusCode? accepted, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        using var response = await _http.SendAsync(request, patience.Token);
        await RequireAsync(response, accepted, patience.Token);
        return (await response.Content.ReadFromJsonAsync<T>(AdminJson.Options, patience.Token))!;
    }

    private static async Task RequireAsync(HttpResponseMessage response, HttpStatusCode? accepted, CancellationToken cancellationToken)
    {
        if (response.IsSuccessStatusCode || response.StatusCode == accepted)
        {
            return;
        }

        var refusal = response.Content.Headers.ContentType?.MediaType == "application/json"
            ? await response.Content.ReadFromJsonAsync<AdminRefusal>(AdminJson.Options, cancellationToken)
            : null;
        throw new HttpRequestException(
            refusal?.Error ?? $"The gateway answered {(int)response.StatusCode}. Its log says why.", inner: null, response.StatusCode);
    }

    private static async ValueTask<Stream> ConnectAsync(string socketPath, CancellationToken cancellationToken)
    {
#pragma warning disable CA2000 // The stream disposes the socket.
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
#pragma warning restore CA2000
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
