namespace SmimeGateway.Smtp.Server.Commands;

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
    Bdat,
    Rset,
    Noop,
    Vrfy,
    Help,
    Quit,
    StartTls,
    Auth,
}
