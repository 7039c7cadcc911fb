using SmimeGateway.TestSupport;

namespace SmimeGateway.EndToEnd.Interop;

/// <summary>A theory about mail that went through a real Postfix; skipped, with the reason, where none can run.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PostfixTheoryAttribute : TheoryAttribute
{
    public PostfixTheoryAttribute()
    {
        Skip = PostfixInstance.Obstacle;
    }
}
