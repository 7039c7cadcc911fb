using SmimeGateway.Smtp;

namespace SmimeGateway.Tests;

/// <summary>What became of a recipient, in the ways that matter to the delivery loop.</summary>
internal static class Answers
{
    public static DeliveryStatus Accepted { get; } = new(DeliveryAction.Delivered, new EnhancedStatus(2, 0, 0), "250 2.0.0 Ok", "mx.example.net");

    public static DeliveryStatus AcceptedWithDsn { get; } = Accepted with { IsReportedByNextHop = true };

    public static DeliveryStatus Written { get; } = new(DeliveryAction.Delivered, new EnhancedStatus(2, 0, 0), "Written into the folder.", null);

    public static DeliveryStatus Later { get; } = new(DeliveryAction.Delayed, new EnhancedStatus(4, 2, 0), "450 4.2.0 Later", "mx.example.net");

    public static DeliveryStatus Busy { get; } = new(DeliveryAction.Delayed, new EnhancedStatus(4, 4, 5), "All connections are busy.", "mx.example.net");

    public static DeliveryStatus Never { get; } = new(DeliveryAction.Failed, new EnhancedStatus(5, 1, 1), "550 5.1.1 Unknown", "mx.example.net");

    public static DeliveryStatus Named(string name) => name switch
    {
        nameof(Accepted) => Accepted,
        nameof(AcceptedWithDsn) => AcceptedWithDsn,
        nameof(Written) => Written,
        nameof(Later) => Later,
        nameof(Never) => Never,
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "no such answer"),
    };
}
