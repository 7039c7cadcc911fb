using SmimeGateway.TestSupport;

namespace SmimeGateway.EndToEnd.Interop;

/// <summary>A theory about logins by Kerberos; skipped, with the reason, where no realm or no Postfix can run.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class KerberosTheoryAttribute : TheoryAttribute
{
    public KerberosTheoryAttribute()
    {
        Skip = PostfixInstance.Obstacle ?? KerberosRealm.Obstacle;
    }
}
