using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using MimeKit.Utils;
using SmimeGateway.Accepting;
using SmimeGateway.Accepting.Securing;

namespace SmimeGateway.Host.Commands.Sending;

/// <summary>Hands a made-up message to a server, as a client would. MailKit is the client, so that the gateway is not its own witness.</summary>
internal static class Submission
{
    /// <summary>Sends it; the lines of the dialogue are shown as they are said.</summary>
    public static async Task<SubmissionResult> SendAsync(SubmissionOrder order, Action<string> show, CancellationToken cancellationToken)
    {
        using var dialogue = new SpokenLines(show);
        using var client = new LenientClient(dialogue) { Timeout = (int)order.Patience.TotalMilliseconds, CheckCertificateRevocation = false };
        var own = order is { Listener: { Tls.Mode: not ListenerTlsMode.Off } listener, Login: not null } ? await ReadCertificateAsync(listener) : null;
        if (order.Listener is not null)
        {
            // This machine's own listener is found by the configuration, not by its certificate, which names the host as others know it. But where
            // the gateway is off, anybody on the machine can have its port, and a password is for the owner of the certificate alone.
            client.ServerCertificateValidationCallback = (_, certificate, _, errors) => certificate is not null
                && (order.Login is null || errors == SslPolicyErrors.None || own?.AsSpan().SequenceEqual(certificate.GetRawCertData()) == true);
        }

        else
        {
            client.ServerCertificateValidationCallback = (_, certificate, chain, errors) => (client.Distrust = FindDistrust(order.Host, certificate, chain, errors)) is null;
        }

        try
        {
            await client.ConnectAsync(order.Host, order.Port, Security(order.Tls), cancellationToken);
            if (order.Login is { } login)
            {
                if (!client.IsSecure)
                {
                    return SubmissionResult.No("A password goes over TLS alone. Write --tls required, or --tls implicit for a port such as 465.");
                }

                await client.AuthenticateAsync(login, cancellationToken);
            }

            using var message = Compose(order);
            var format = FormatOptions.Default.Clone();
            format.International = client.Capabilities.HasFlag(SmtpCapabilities.UTF8);
            var reply = await client.SendAsync(format, message, Mailbox(order.From), order.To.Select(Mailbox), cancellationToken);
            await client.DisconnectAsync(quit: true, cancellationToken);
            return new SubmissionResult(client.Refused.Count < order.To.Count, true, client.Refused.Count == 0 ? reply : $"{reply}; not for {string.Join(", ", client.Refused)}");
        }
        catch (SmtpCommandException exception)
        {
            return SubmissionResult.No($"Refused: {(int)exception.StatusCode} {exception.Message}");
        }
        catch (AuthenticationException exception)
        {
            return SubmissionResult.No($"Logging in failed: {exception.Message}");
        }
        catch (SslHandshakeException exception) when (order is { Listener: not null, Login: not null } && exception.ServerCertificate is not null)
        {
            return SubmissionResult.No(
                (own is null ? "The certificate of the listener cannot be read here" : "Whoever answers shows another certificate than that of the listener")
                + ", and without it only one that is trusted and names the address gets a password.");
        }
        catch (SslHandshakeException exception)
        {
            // The outer words are the same for all causes.
            return SubmissionResult.No(client.Distrust ?? $"No TLS was agreed on: {exception.GetBaseException().Message.Split('\n')[0].Trim().TrimEnd('.')}.{(order.Tls == SubmissionTls.Implicit ? " Where the server does not begin with TLS, write --tls required." : string.Empty)}");
        }
        catch (Exception exception) when (exception is ProtocolException or NotSupportedException or ServiceNotAuthenticatedException)
        {
            return SubmissionResult.No(exception.Message);
        }
        catch (Exception exception) when (exception is IOException or SocketException or TimeoutException)
        {
            return new SubmissionResult(false, client.IsConnected, $"{order.Host}:{order.Port} cannot be reached: {exception.Message}.{(order.Listener is not null ? " Start the gateway with `smimegateway run`." : string.Empty)}");
        }
    }

    // What is wrong with the certificate of a server, with what to do about it, or null.
    private static string? FindDistrust(string host, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors == SslPolicyErrors.None)
        {
            return null;
        }

        if (certificate is null)
        {
            return $"{host} shows no certificate. Let it have one, or write --tls off for a connection that is not encrypted.";
        }

        List<string> faults = [];
        List<string> remedies = [];
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
        {
            faults.Add($"it does not name {host}");
            remedies.Add("Write a name in --through that it has");
        }

        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors))
        {
            faults.AddRange((chain?.ChainStatus ?? []).Select(status => status.StatusInformation.Trim().TrimEnd('.')).Where(words => words.Length > 0).Distinct());
            remedies.Add("Give this machine the root of its authority (update-ca-certificates), or the server another certificate");
        }

        return $"The certificate of {host} ({certificate.Subject}) is not trusted: {string.Join("; ", faults)}. {string.Join(". ", remedies)}.";
    }

    private static SecureSocketOptions Security(SubmissionTls tls) => tls switch
    {
        SubmissionTls.Off => SecureSocketOptions.None,
        SubmissionTls.Required => SecureSocketOptions.StartTls,
        SubmissionTls.Implicit => SecureSocketOptions.SslOnConnect,
        SubmissionTls.WhenOffered => SecureSocketOptions.StartTlsWhenAvailable,
    };

    private static async Task<byte[]?> ReadCertificateAsync(ListenerOptions listener)
    {
        await using var source = ListenerTls.Open(listener, TimeProvider.System);
        return ListenerTls.Choose(source.All, TimeProvider.System.GetUtcNow())?.Certificate.RawData;
    }

    private static MimeMessage Compose(SubmissionOrder order)
    {
        var body = new BodyBuilder { TextBody = order.Text };
        foreach (var (name, octets) in order.Attachments)
        {
            body.Attachments.Add(name, octets);
        }

        var message = new MimeMessage { Subject = order.Subject, Body = body.ToMessageBody(), MessageId = MimeUtils.GenerateMessageId(order.From[(order.From.LastIndexOf('@') + 1)..]) };
        message.From.Add(Mailbox(order.From));
        message.To.AddRange(order.To.Select(Mailbox));
        return message;
    }

    private static MailboxAddress Mailbox(string address) => new(string.Empty, address);

    /// <summary>A client that one refused recipient does not keep from sending to the others.</summary>
    private sealed class LenientClient(IProtocolLogger dialogue) : SmtpClient(dialogue)
    {
        public List<string> Refused { get; } = [];

        /// <summary>What is wrong with the certificate of the server, with what to do about it.</summary>
        public string? Distrust { get; set; }

        protected override void OnRecipientNotAccepted(MimeMessage message, MailboxAddress mailbox, SmtpResponse response) => Refused.Add(mailbox.Address);

        protected override void OnNoRecipientsAccepted(MimeMessage message) =>
            throw new SmtpCommandException(SmtpErrorCode.RecipientNotAccepted, SmtpStatusCode.MailboxUnavailable, "no recipient was accepted");
    }
}

/// <summary>What is to be sent where.</summary>
internal sealed record SubmissionOrder(string Host, int Port, string From, IReadOnlyList<string> To)
{
    /// <summary>The listener of this machine's gateway; null for another server.</summary>
    public ListenerOptions? Listener { get; init; }

    public SubmissionTls Tls { get; init; }

    public NetworkCredential? Login { get; init; }

    public string Subject { get; init; } = string.Empty;

    public string Text { get; init; } = string.Empty;

    /// <summary>Files with their names, whole.</summary>
    public IReadOnlyList<(string Name, byte[] Octets)> Attachments { get; init; } = [];

    /// <summary>How long each answer may take.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(2);
}

/// <summary>Whether a connection for <c>send</c> is encrypted.</summary>
internal enum SubmissionTls
{
    /// <summary>Where the server offers it.</summary>
    WhenOffered,

    /// <summary>Never.</summary>
    Off,

    /// <summary>By STARTTLS, or nothing is sent.</summary>
    Required,

    /// <summary>From the first octet on.</summary>
    Implicit,
}

/// <summary>What became of it.</summary>
/// <param name="IsAccepted">True when the server took it for somebody.</param>
/// <param name="IsReached">True when there was a server.</param>
/// <param name="Reply">Its last word, or why there was none.</param>
internal sealed record SubmissionResult(bool IsAccepted, bool IsReached, string Reply)
{
    /// <summary>There is a server, but it did not take the message.</summary>
    public static SubmissionResult No(string reply) => new(false, true, reply);
}
