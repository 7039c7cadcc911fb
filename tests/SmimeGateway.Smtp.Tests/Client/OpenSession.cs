using System.Net.Sockets;
using SmimeGateway.Smtp.Client;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Smtp.Tests.Client;

/// <summary>Sessions with a scripted next hop.</summary>
internal static class OpenSession
{
    public static async Task<SmtpClientSession> WithAsync(
        ScriptedNextHop nextHop, TimeProvider? time = null, ClientTls? tls = null, ClientCredentials? credentials = null)
    {
        var opening = await TryAsync(nextHop, time, tls, credentials);
        return opening.Session ?? throw new InvalidOperationException(opening.Trouble!.Diagnostic);
    }

    public static async Task<SmtpClientSession> WithAsync(ScriptedNextHop nextHop, SmtpClientOptions options)
    {
        var opening = await TryAsync(nextHop, options, TimeProvider.System, default);
        return opening.Session ?? throw new InvalidOperationException(opening.Trouble!.Diagnostic);
    }

    public static Task<SessionOpening> TryAsync(
        ScriptedNextHop nextHop,
        TimeProvider? time = null,
        ClientTls? tls = null,
        ClientCredentials? credentials = null,
        CancellationToken cancellationToken = default) => TryAsync(
            nextHop,
            new SmtpClientOptions("gateway.example.com") { Tls = tls, Credentials = credentials },
            time ?? TimeProvider.System,
            cancellationToken);

    /// <summary>Sends over a new session and closes it.</summary>
    public static async Task<TransactionOutcome> SendAsync(
        ScriptedNextHop nextHop, Envelope envelope, ReadOnlyMemory<byte> content, ClientTls? tls = null)
    {
        await using var session = await WithAsync(nextHop, tls: tls);
        return await Eventually.EndsAsync(session.SendAsync(envelope, content, default).AsTask());
    }

    private static async Task<SessionOpening> TryAsync(
        ScriptedNextHop nextHop, SmtpClientOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(nextHop.EndPoint, cancellationToken);
        return await Eventually.EndsAsync(SmtpClientSession.OpenAsync(
            new NetworkStream(socket, ownsSocket: true), "mx.example.net", options, time, cancellationToken));
    }
}
