using SmimeGateway.Smtp;

namespace SmimeGateway.Queueing;

/// <summary>How what waits is divided between the routes.</summary>
/// <param name="Routes">What holds for each route.</param>
/// <param name="RouteOf">The route of a recipient, by its place in <paramref name="Routes"/>.</param>
/// <param name="TellAfter">
/// The age from which on a message is handed out although its route rests, so that its sender hears of the delay or of the end; asked with
/// whether the delay has been reported.
/// </param>
public sealed record QueueDivision(IReadOnlyList<QueueRouteTerms> Routes, Func<MailPath, int> RouteOf, Func<bool, TimeSpan> TellAfter);

/// <summary>What holds for the mail of one route.</summary>
/// <param name="Interval">The least time between two messages; zero for any number.</param>
/// <param name="MostRecipients">How many recipients of one message are tried together at most.</param>
public readonly record struct QueueRouteTerms(TimeSpan Interval, int MostRecipients);
