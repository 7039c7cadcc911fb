namespace SmimeGateway.Smtp.Tests;

/// <summary>Keeps what a session tells.</summary>
internal sealed class CollectingObserver : ISessionObserver
{
    public bool WantsEverything => true;

    public List<string> Commands { get; } = [];

    public List<Exception> Failures { get; } = [];

    public List<SessionEnd> Ends { get; } = [];

    public void Answered(SmtpSessionIdentity session, string command, SmtpReply reply) => Commands.Add($"{command} -> {reply.Code}");

    public void MessageAnswered(SmtpSessionIdentity session, Envelope envelope, long octets, SmtpReply reply) => Commands.Add($"message -> {reply.Code}");

    public void Failed(SmtpSessionIdentity session, Exception exception) => Failures.Add(exception);

    public void Ended(SmtpSessionIdentity session, SessionEnd reason) => Ends.Add(reason);
}
