namespace SmimeGateway.EndToEnd.Faults;

/// <summary>A fact that needs a file system that answers nothing; skipped, with the reason, where it cannot be mounted.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class HangingMountFactAttribute : FactAttribute
{
    public HangingMountFactAttribute()
    {
        Skip = Mounting.HangingObstacle;
    }
}
