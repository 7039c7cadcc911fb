namespace SmimeGateway.Smtp.Server;

/// <summary>Why the octets after DATA are no message that may be relayed.</summary>
internal enum DataFault
{
    None,
    TooBig,
    BareLineEnd,
    NulOctet,
    LineTooLong,
}
