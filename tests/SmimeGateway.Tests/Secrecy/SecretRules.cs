using SmimeGateway.Deciding.Options;

namespace SmimeGateway.Tests.Secrecy;

/// <summary>Every way to encrypt with every way to treat those without a certificate, but for letting mail pass to them.</summary>
internal static class SecretRules
{
    private static readonly WhenRecipientMissing[] WhenMissing =
        [WhenRecipientMissing.Reject, WhenRecipientMissing.Bounce, WhenRecipientMissing.Defer, WhenRecipientMissing.Hold];

    private static readonly SignOptions Clear = new() { With = ["office"], WhenMissing = WhenCertificateMissing.Reject };

    private static readonly Func<EncryptOptions, RuleOptions>[] Ways =
    [
        encrypt => new RuleOptions { Name = "", Encrypt = encrypt },
        encrypt => new RuleOptions { Name = "", Encrypt = encrypt with { Compress = true, BlindCopies = BlindCopyTreatment.SeparateTogether } },
        encrypt => new RuleOptions { Name = "", Encrypt = encrypt, Sign = Clear },
        encrypt => new RuleOptions { Name = "", Encrypt = encrypt with { ProtectHeaders = true, LegacyDisplay = true }, Sign = Clear with { Form = SignatureForm.Opaque } },
        encrypt => new RuleOptions { Name = "", Encrypt = encrypt with { Compress = true }, Sign = Clear, Wrap = MessageWrap.Triple },
        encrypt => new RuleOptions
        {
            Name = "",
            Encrypt = encrypt with { ProtectHeaders = true, BlindCopies = BlindCopyTreatment.Together },
            Sign = Clear with { Form = SignatureForm.Opaque },
            Wrap = MessageWrap.Triple,
        },
    ];

    /// <summary>The rules; the subject of a message chooses one by its name.</summary>
    public static IReadOnlyList<RuleOptions> All { get; } =
    [
        .. from way in Enumerable.Range(0, Ways.Length)
           from missing in WhenMissing
           let name = $"way {way} {missing}"
           select Ways[way](new EncryptOptions { To = ["partners"], WhenMissing = missing }) with
           {
               Name = name,
               When = new RuleConditions { Subject = [name] },
           },
    ];
}
