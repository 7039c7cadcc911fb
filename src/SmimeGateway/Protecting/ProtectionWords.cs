namespace SmimeGateway.Protecting;

/// <summary>What was done to a message, in words for people.</summary>
public static class ProtectionWords
{
    /// <summary>Half a sentence.</summary>
    public static string Words(this Protection protection) => protection switch
    {
        Protection.PassedUnchanged => "unchanged",
        Protection.ClearSigned => "signed (clear)",
        Protection.OpaqueSigned => "signed (opaque)",
        Protection.OwnReport => "a report of the gateway's own",
        Protection.PassedUnsigned => "unsigned, though a rule would sign",
        Protection.PassedUnencrypted => "in plain text, though a rule would encrypt",
        Protection.Encrypted => "encrypted",
        Protection.SignedAndEncrypted => "signed and encrypted",
        Protection.TripleWrapped => "signed, encrypted and signed again",
        Protection.Held => "held, sealed",
    };
}
