namespace SmimeGateway.Certificates;

/// <summary>What keys of a kind can do, whatever their certificates allow.</summary>
[Flags]
internal enum KeyUses
{
    /// <summary>Nothing that is known here.</summary>
    None = 0,

    /// <summary>Signatures.</summary>
    Signing = 1,

    /// <summary>A key can be encrypted to it, as RSA does; the key usage is keyEncipherment.</summary>
    Transport = 2,

    /// <summary>A key can be agreed upon with it, as on curves; the key usage is keyAgreement.</summary>
    Agreement = 4,
}
