namespace SmimeGateway.Smtp.Client;

/// <summary>There is no password or token to log in with just now. The message is a sentence without secrets.</summary>
public sealed class CredentialsUnavailableException : Exception
{
    /// <summary>Without a reason.</summary>
    public CredentialsUnavailableException()
    {
    }

    /// <summary>With the reason.</summary>
    public CredentialsUnavailableException(string message)
        : base(message)
    {
    }

    /// <summary>With the reason and what caused it.</summary>
    public CredentialsUnavailableException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
