namespace SmimeGateway.Host.Commands;

/// <summary>A recipient of a rehearsed message.</summary>
/// <param name="Address">The recipient.</param>
/// <param name="Rule">The rule that decides.</param>
/// <param name="NextHop">Where its route leads, or null when there is none.</param>
internal sealed record RehearsedRecipient(string Address, string Rule, string? NextHop);
