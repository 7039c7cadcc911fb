namespace SmimeGateway.Host.Commands.Certificates;

/// <summary>Whose certificate it is.</summary>
internal enum CertificateKind
{
    /// <summary>The gateway signs with it: there is a private key.</summary>
    Own,

    /// <summary>The gateway encrypts to it.</summary>
    Partner,
}
