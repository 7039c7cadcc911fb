using SmimeGateway.Smtp;

namespace SmimeGateway.Queueing;

/// <summary>How what waits is divided between the routes.</summary>
/// <param name="Routes">What holds for each route.</param>
/// <param name="RouteOf">The route of a recipient, by its place in <paramref name="Routes"/>.</param>
/// <param name="MustTell">True when mail is handed out although its route rests, so that its sender hears of the delay or of the end.</param>
public sealed record QueueDivision(IReadOnlyList<QueueRouteTerms> Routes, Func<MailPath, int> RouteOf, Func<QueueWait, bool> MustTell);

/// <summary>How long something has been waiting.</summary>
/// <param name="Age">Since it was accepted.</param>
/// <param name="Waited">For as much of that as the gateway has been running without a break until now.</param>
/// <param name="Attempts">Attempts that ended.</param>
/// <param name="IsDelayReported">True once its sender heard of the delay.</param>
public readonly record struct QueueWait(TimeSpan Age, TimeSpan Waited, int Attempts, bool IsDelayReported);

/// <summary>What holds for the mail of one route.</summary>
/// <param name="Interval">The least time between two messages; zero for any number.</param>
/// <param name="MostRecipients">How many recipients of one message are tried together at most.</param>
public readonly record struct QueueRouteTerms(TimeSpan Interval, int MostRecipients);
