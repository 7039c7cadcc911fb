namespace SmimeGateway.EndToEnd.Faults;

/// <summary>A fact that needs an ext4 image of its own; skipped, with the reason, where none can be mounted.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LoopFactAttribute : FactAttribute
{
    public LoopFactAttribute()
    {
        Skip = Mounting.LoopObstacle;
    }
}
