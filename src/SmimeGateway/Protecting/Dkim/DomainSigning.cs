namespace SmimeGateway.Protecting.Dkim;

/// <summary>What signing in the name of domains came to.</summary>
/// <param name="Message">The message that may leave; the one given where it was not signed.</param>
/// <param name="Trouble">Why it may not leave; null where it may.</param>
internal sealed record DomainSigning(ProtectedMessage Message, string? Trouble)
{
    /// <summary>True when there is trouble because a key cannot be read.</summary>
    public bool LacksKey { get; private init; }

    /// <summary>Why it is not signed; null where it is.</summary>
    public string? UnsignedBecause { get; private init; }

    /// <summary>The signatures that were made.</summary>
    public IReadOnlyList<MadeSignature> Made { get; init; } = [];

    /// <summary>What became of the signatures that the message came with.</summary>
    public ForeignSignatures Foreign { get; init; } = ForeignSignatures.None;

    public static DomainSigning Unsigned(ProtectedMessage message, string reason) => new(message, Trouble: null) { UnsignedBecause = reason };

    public static DomainSigning Unavailable(ProtectedMessage message, string trouble) => new(message, trouble) { LacksKey = true };

    public static DomainSigning Failed(ProtectedMessage message, string trouble) => new(message, trouble);
}

/// <summary>A signature that was made.</summary>
/// <param name="Domain">The domain.</param>
/// <param name="Selector">The selector.</param>
/// <param name="Algorithm">The algorithm.</param>
/// <param name="Fields">The names of the fields that it covers.</param>
internal sealed record MadeSignature(string Domain, string Selector, string Algorithm, IReadOnlyList<string> Fields);
