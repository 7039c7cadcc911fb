namespace SmimeGateway.Smtp.Server;

/// <summary>Why the octets of DATA or BDAT are no message that may be relayed.</summary>
internal enum DataFault
{
    None,
    TooBig,
    BareLineEnd,
    NulOctet,
    LineTooLong,
    NoMemory,
}
