using SmimeGateway.Accepting.Crowding;
using SmimeGateway.Accepting.Users;

namespace SmimeGateway.Accepting;

/// <summary>What all listeners share against too much of everything.</summary>
/// <param name="Memory">The memory for all messages in flight.</param>
/// <param name="Logins">Who has guessed at passwords.</param>
/// <param name="Counters">Counts what was turned away.</param>
/// <param name="InventionKey">Makes up what is said of users whom nobody knows.</param>
public sealed record Defences(MemoryBudget Memory, LoginGuard Logins, GatewayCounters Counters, ReadOnlyMemory<byte> InventionKey);
