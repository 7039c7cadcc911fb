using SmimeGateway.Host.Admin;

namespace SmimeGateway.Host.Tests.Admin;

public sealed class HealthTests
{
    [Theory]
    [InlineData(899, 900, false)]
    [InlineData(900, 900, true)]
    [InlineData(900, 0, false)]
    public void Memory_is_used_up_at_the_threshold_once_that_is_known(long used, long threshold, bool isUsedUp) =>
        Health.IsMemoryUsedUp(used, threshold).ShouldBe(isUsedUp);
}
