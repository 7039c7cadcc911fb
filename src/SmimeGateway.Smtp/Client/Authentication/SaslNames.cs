namespace SmimeGateway.Smtp.Client.Authentication;

/// <summary>The names of mechanisms as EHLO and AUTH write them.</summary>
internal static class SaslNames
{
    public const string Plain = "PLAIN";
    public const string Login = "LOGIN";
    public const string ScramSha256 = "SCRAM-SHA-256";
    public const string XOAuth2 = "XOAUTH2";
    public const string Ntlm = "NTLM";
    public const string Gssapi = "GSSAPI";

    private static readonly (SaslMechanisms Mechanism, string Name)[] Known =
    [
        (SaslMechanisms.ScramSha256, ScramSha256), (SaslMechanisms.XOAuth2, XOAuth2), (SaslMechanisms.Ntlm, Ntlm),
        (SaslMechanisms.Gssapi, Gssapi),
        (SaslMechanisms.Plain, Plain), (SaslMechanisms.Login, Login),
    ];

    /// <summary>Reads the parameters of EHLO's AUTH; unknown names are skipped.</summary>
    public static SaslMechanisms Read(string parameters)
    {
        var mechanisms = SaslMechanisms.None;
        foreach (var word in parameters.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            foreach (var (mechanism, name) in Known)
            {
                if (word.Equals(name, StringComparison.OrdinalIgnoreCase))
                {
                    mechanisms |= mechanism;
                }
            }
        }

        return mechanisms;
    }

    /// <summary>Lists mechanisms for people.</summary>
    public static string List(SaslMechanisms mechanisms) =>
        string.Join(", ", Known.Where(known => mechanisms.HasFlag(known.Mechanism)).Select(known => known.Name));
}
