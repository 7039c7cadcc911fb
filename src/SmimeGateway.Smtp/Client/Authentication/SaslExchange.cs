namespace SmimeGateway.Smtp.Client.Authentication;

/// <summary>How an exchange ended that did not log in: by the server's refusal, or because one side did not understand the other.</summary>
/// <param name="Reply">The server's refusal; null where there was none.</param>
/// <param name="Why">What happened, as the end of a sentence, without secrets.</param>
internal sealed record SaslFailure(ServerReply? Reply, string Why);

/// <summary>One AUTH command and what follows it (RFC 4954 section 4).</summary>
internal static class SaslExchange
{
    // More steps than any mechanism has.
    private const int MaxSteps = 8;

    // RFC 5321 section 4.5.3.1.4, which RFC 4954 leaves in force for AUTH with its initial response.
    private const int MaxCommandChars = 510;

    // RFC 4954 section 4: what servers take in one line of an exchange.
    private const int MaxResponseChars = 12288;

    /// <summary>Returns null when the server said yes, and the mechanism believes it.</summary>
    /// <param name="transport">The connection.</param>
    /// <param name="mechanism">The mechanism, not begun yet.</param>
    /// <param name="secret">The password or token, which the server's words are not allowed to repeat.</param>
    /// <param name="timeout">For each reply.</param>
    public static async ValueTask<SaslFailure?> RunAsync(ClientTransport transport, ISaslMechanism mechanism, string secret, TimeSpan timeout)
    {
        List<string> secrets = secret.Length > 0 ? [secret] : [];
        ServerReply? reply = null;
        try
        {
            var pending = mechanism.Begin() is { } first ? Encode(first, secrets) : null;
            var command = $"AUTH {mechanism.Name}";
            if (pending is not null && command.Length + 1 + pending.Length <= MaxCommandChars)
            {
                // A response of no octets is told from none by an equals sign.
                command = $"{command} {(pending.Length == 0 ? "=" : pending)}";
                pending = null;
            }

            reply = await transport.AskAsync(command, timeout);
            for (var step = 0; reply.Code == 334; step++)
            {
                if (step == MaxSteps)
                {
                    throw new SaslException("the server asks without end");
                }

                var response = pending ?? Encode(mechanism.Answer(transport.Challenge), secrets);
                pending = null;
                reply = await transport.AskAsync(response, timeout);
            }

            return reply.Code == 235
                ? mechanism.IsSatisfied ? null : new SaslFailure(null, "the server said yes without the proof that belongs to it")
                : reply.Code >= 400 ? new SaslFailure(reply, Quote(reply, secrets))
                : throw SessionLostException.Violation("AUTH was answered with neither 235 nor a refusal");
        }
        catch (SaslException exception)
        {
            // The server waits for a response; this is how to give it none.
            if (reply?.Code == 334)
            {
                await transport.AskAsync("*", timeout);
            }

            return new SaslFailure(null, exception.Message);
        }
    }

    private static string Encode(byte[] response, List<string> secrets)
    {
        var text = Convert.ToBase64String(response);
        if (text.Length > MaxResponseChars)
        {
            throw new SaslException("the password or token is longer than servers take");
        }

        if (text.Length > 0)
        {
            secrets.Add(text);
        }

        return text;
    }

    // Replies reach logs and reports, where a server that repeats what it was sent would publish it.
    private static string Quote(ServerReply reply, List<string> secrets)
    {
        var words = reply.Text.AsSpan(3);
        foreach (var secret in secrets)
        {
            if (words.Contains(secret, StringComparison.Ordinal))
            {
                return $"{reply.Code} (its text repeats a secret and is not shown)";
            }
        }

        return reply.Text;
    }
}
