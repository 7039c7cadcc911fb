namespace SmimeGateway.EndToEnd.Faults;

/// <summary>A fact that needs a small file system of its own; skipped, with the reason, where it cannot be mounted.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class MountFactAttribute : FactAttribute
{
    public MountFactAttribute()
    {
        Skip = Mounting.MemoryObstacle;
    }
}
