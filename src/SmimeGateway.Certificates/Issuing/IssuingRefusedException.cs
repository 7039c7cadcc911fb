namespace SmimeGateway.Certificates.Issuing;

/// <summary>The authority does not issue for an address: it is not covered, or no mailbox.</summary>
public sealed class IssuingRefusedException(string message) : Exception(message);
