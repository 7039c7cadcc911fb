using SmimeGateway.Host.Configuration.Reading;
using SmimeGateway.Host.Configuration.Validating.Rules;

namespace SmimeGateway.Host.Configuration.Validating;

/// <summary>Everything that must hold between the values of a configuration. Each check looks at one thing and adds its complaints.</summary>
internal static class ConfigurationRules
{
    private static readonly Action<GatewayOptions, Place, Complaints>[] Checks =
    [
        ListenersCheck.Check,
        ListenerExposureCheck.Check,
        ListenerTlsCheck.Check,
        ListenerAuthenticationCheck.Check,
        ListenerProxyCheck.Check,
        SendersCheck.Check,
        OwnCertificatesCheck.Check,
        PartnerCertificatesCheck.Check,
        SecretsCheck.Check,
        RuleActionsCheck.Check,
        RuleLayersCheck.Check,
        RuleEncryptionCheck.Check,
        CipherListsCheck.Check,
        DkimCheck.Check,
        RuleReferencesCheck.Check,
        RuleSelectionCheck.Check,
        RuleTriggersCheck.Check,
        RuleReachCheck.Check,
        RuleSendersCheck.Check,
        PatternReachCheck.Check,
        RoutesCheck.Check,
        QueueCheck.Check,
        IdleKeysCheck.Check,
        WrittenPathsCheck.Check,
    ];

    /// <summary>Runs all checks.</summary>
    public static void Check(GatewayOptions options, Place root, Complaints complaints)
    {
        foreach (var check in Checks)
        {
            check(options, root, complaints);
        }
    }
}
