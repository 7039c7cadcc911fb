using SmimeGateway.Smtp;

namespace SmimeGateway.Queueing;

/// <summary>How what waits is divided between the routes.</summary>
/// <param name="Intervals">For each route the least time between two messages; zero for any number.</param>
/// <param name="RouteOf">The route of a recipient, by its place in <paramref name="Intervals"/>.</param>
/// <param name="TellAfter">
/// The age from which on a message is handed out although its route rests, so that its sender hears of the delay or of the end; asked with
/// whether the delay has been reported.
/// </param>
public sealed record QueueDivision(IReadOnlyList<TimeSpan> Intervals, Func<MailPath, int> RouteOf, Func<bool, TimeSpan> TellAfter);
