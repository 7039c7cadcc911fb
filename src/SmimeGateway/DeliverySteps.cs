using SmimeGateway.Relaying;
using SmimeGateway.Reporting;

namespace SmimeGateway;

/// <summary>What the delivery loop puts together, as the current configuration has it.</summary>
/// <param name="Routes">The ways out.</param>
/// <param name="Schedule">Says when to try again.</param>
/// <param name="Reporter">Tells the sender.</param>
/// <param name="Counters">Counts results.</param>
internal sealed record DeliverySteps(RouteTable Routes, RetrySchedule Schedule, Reporter Reporter, GatewayCounters Counters);
