namespace SmimeGateway.EndToEnd.Faults;

/// <summary>A theory about small file systems of several kinds; skipped, with the reason, where they cannot be mounted.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class MountTheoryAttribute : TheoryAttribute
{
    public MountTheoryAttribute()
    {
        Skip = Mounting.MemoryObstacle ?? Mounting.LoopObstacle;
    }
}
