namespace SmimeGateway.Smtp.Server;

/// <summary>What a command line asks for.</summary>
internal enum SmtpVerb
{
    Unknown,
    NotOffered,
    Ehlo,
    Helo,
    Mail,
    Rcpt,
    Data,
    Rset,
    Noop,
    Vrfy,
    Help,
    Quit,
}
