namespace SmimeGateway.Smtp.Client.Authentication;

/// <summary>Which mechanism is used of those that the server offers.</summary>
internal static class MechanismChoice
{
    private const SaslMechanisms TlsOnly = SaslMechanisms.Plain | SaslMechanisms.Login | SaslMechanisms.XOAuth2;

    // The strongest first: one that shows the server no password, then those that do.
    private static readonly SaslMechanisms[] ByStrength = [SaslMechanisms.ScramSha256, SaslMechanisms.Plain, SaslMechanisms.Login];

    /// <summary>Chooses.</summary>
    /// <param name="wanted">What the configuration asks for.</param>
    /// <param name="hasToken">True where there is a token instead of a password.</param>
    /// <param name="offered">What the server offers.</param>
    /// <param name="isEncrypted">True under TLS; mechanisms that show the server a secret are not used without it.</param>
    /// <param name="status">Why there is none; class 4, as it judges the host.</param>
    /// <param name="why">The same as a sentence.</param>
    /// <returns>One mechanism, or None.</returns>
    public static SaslMechanisms Find(
        ClientMechanism wanted, bool hasToken, SaslMechanisms offered, bool isEncrypted, out EnhancedStatus status, out string why)
    {
        var acceptable = Acceptable(wanted, hasToken);
        var common = acceptable.FirstOrDefault(mechanism => offered.HasFlag(mechanism) && (isEncrypted || !TlsOnly.HasFlag(mechanism)));
        var isOnlyPlainText = common == SaslMechanisms.None && acceptable.Any(mechanism => offered.HasFlag(mechanism));
        (status, why) = isOnlyPlainText
            ? (new EnhancedStatus(4, 7, 11), $"The next hop offers {SaslNames.List(offered)} to log in, and a secret is sent under TLS only.")
            : (new EnhancedStatus(4, 7, 4), NothingInCommon(acceptable, offered));
        return common;
    }

    private static SaslMechanisms[] Acceptable(ClientMechanism wanted, bool hasToken) => wanted switch
    {
        ClientMechanism.Plain => [SaslMechanisms.Plain],
        ClientMechanism.Login => [SaslMechanisms.Login],
        ClientMechanism.ScramSha256 => [SaslMechanisms.ScramSha256],
        ClientMechanism.XOAuth2 => [SaslMechanisms.XOAuth2],
        ClientMechanism.Ntlm => [SaslMechanisms.Ntlm],
        ClientMechanism.Gssapi => [SaslMechanisms.Gssapi],
        ClientMechanism.Auto => hasToken ? [SaslMechanisms.XOAuth2] : ByStrength,
    };

    private static string NothingInCommon(SaslMechanisms[] acceptable, SaslMechanisms offered)
    {
        var wanted = string.Join(" or ", acceptable.Select(SaslNames.List));
        return offered == SaslMechanisms.None
            ? $"The next hop offers no known way to log in, and {wanted} is asked for."
            : $"The next hop offers {SaslNames.List(offered)} to log in, and {wanted} is asked for.";
    }
}
