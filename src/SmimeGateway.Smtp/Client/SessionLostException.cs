namespace SmimeGateway.Smtp.Client;

/// <summary>The session cannot go on: the connection broke, time ran out, or the server does not speak SMTP. Stays inside the client.</summary>
internal sealed class SessionLostException : IOException
{
    public SessionLostException(string message, EnhancedStatus status)
        : base(message) => Status = status;

    public SessionLostException(string message, EnhancedStatus status, Exception innerException)
        : base(message, innerException) => Status = status;

    public EnhancedStatus Status { get; }

    /// <summary>The server broke the protocol.</summary>
    public static SessionLostException Violation(string what) => new($"The server broke the protocol: {what}.", new EnhancedStatus(4, 5, 0));
}
