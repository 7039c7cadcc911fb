using SmimeGateway.Host.Configuration.Binding;
using SmimeGateway.Host.Configuration.Reading;

namespace SmimeGateway.Host.Configuration.Validating;

/// <summary>The times of the queue make sense together.</summary>
internal static class QueueCheck
{
    /// <summary>Warns about a queue that gives up before it tries again, or before it warns.</summary>
    public static void Check(GatewayOptions options, Place root, Complaints complaints)
    {
        var queue = options.Queue;
        var place = root["queue"];
        if (!complaints.IsSound(place))
        {
            return;
        }

        if (queue.GiveUpAfter <= queue.Retry[0])
        {
            complaints.Warning(place["giveUpAfter"], new Flaw(
                $"delivery is given up before it is tried again after {DurationText.Format(queue.Retry[0])}", "Write a longer time."));
        }

        if (queue.WarnAfter >= queue.GiveUpAfter)
        {
            complaints.Warning(place["warnAfter"], new Flaw(
                $"nobody is told about a delay, because delivery is given up after {DurationText.Format(queue.GiveUpAfter)}", "Write a shorter time."));
        }
    }
}
