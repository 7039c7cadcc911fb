namespace SmimeGateway.Host.Configuration.Reading;

/// <summary>What is wrong with a value, and what to do about it.</summary>
/// <param name="Problem">What is wrong, without a full stop, so that it can follow the value.</param>
/// <param name="Remedy">What to do, as a sentence.</param>
internal sealed record Flaw(string Problem, string Remedy);
