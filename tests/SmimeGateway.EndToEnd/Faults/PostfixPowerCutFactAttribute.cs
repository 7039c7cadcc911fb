using SmimeGateway.TestSupport;

namespace SmimeGateway.EndToEnd.Faults;

/// <summary>The comparison with Postfix, for those who ask for it: it says nothing about the gateway.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PostfixPowerCutFactAttribute : FactAttribute
{
    public PostfixPowerCutFactAttribute()
    {
        Skip = Setting.Number("POWER_CUTS_POSTFIX") is null
            ? "a comparison, run with POWER_CUTS_POSTFIX=50 in the environment"
            : PostfixInstance.Obstacle ?? Mounting.LoopObstacle;
    }
}
