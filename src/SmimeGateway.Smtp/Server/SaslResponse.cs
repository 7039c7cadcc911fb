namespace SmimeGateway.Smtp.Server;

/// <summary>What a client answered to a challenge: octets, or what is wrong with them.</summary>
internal readonly record struct SaslResponse(byte[]? Octets, SmtpReply? Fault);
