namespace SmimeGateway.Protecting;

/// <summary>Makes the encrypted versions of a message, one for each group of recipients, from the one content that they share.</summary>
public sealed class EncryptedVersions
{
    private readonly SignedLayer _signed;
    private readonly Func<EncryptionGroup, ProtectionOutcome> _make;

    internal EncryptedVersions(SignedLayer signed, Func<EncryptionGroup, ProtectionOutcome> make) => (_signed, _make) = (signed, make);

    /// <summary>Encrypts for a group and reads every layer back.</summary>
    public ProtectionOutcome Make(EncryptionGroup group) => _make(group);

    /// <summary>The outcome for all groups, when each of them has its message.</summary>
    public ProtectionOutcome Of(IReadOnlyList<ProtectedMessage> messages) =>
        new(messages, Fault: null) { SignedContent = _signed.Content, OpaqueBecause = _signed.OpaqueBecause };
}
