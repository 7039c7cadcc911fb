namespace SmimeGateway.Smtp.Client;

/// <summary>
/// The octets of a message: in memory, or somewhere else and read block by block as often as they are wanted, so that who waits for a slow
/// server holds one block and not the message.
/// </summary>
/// <param name="length">How many octets there are.</param>
/// <param name="blocks">
/// Gives them from the first to the last each time it is enumerated. A block is good until the next one is asked for. An
/// <see cref="IOException"/> says that they cannot be had.
/// </param>
public sealed class MessageContent(long length, IEnumerable<ReadOnlyMemory<byte>> blocks)
{
    private readonly ReadOnlyMemory<byte>? _octets;

    private MessageContent(ReadOnlyMemory<byte> octets)
        : this(octets.Length, [octets]) => _octets = octets;

    /// <summary>How many octets there are.</summary>
    public long Length => length;

    /// <summary>The octets from the first to the last, in blocks that are good until the next one is asked for.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> Blocks => blocks;

    /// <summary>True when reading them costs no memory.</summary>
    public bool IsInMemory => _octets is not null;

    /// <summary>Octets that are in memory.</summary>
    public static implicit operator MessageContent(ReadOnlyMemory<byte> octets) => FromReadOnlyMemory(octets);

    /// <summary>Octets that are in memory.</summary>
    public static implicit operator MessageContent(byte[] octets) => FromByteArray(octets);

    /// <summary>Octets that are in memory.</summary>
    public static MessageContent FromByteArray(byte[] octets) => new(octets.AsMemory());

    /// <summary>Octets that are in memory.</summary>
    public static MessageContent FromReadOnlyMemory(ReadOnlyMemory<byte> octets) => new(octets);

    /// <summary>The octets in one piece, or the first of them.</summary>
    /// <exception cref="IOException">They cannot be had.</exception>
    public ReadOnlyMemory<byte> Read(int most = int.MaxValue)
    {
        var wanted = (int)Math.Min(length, most);
        if (_octets is { } octets)
        {
            return octets[..wanted];
        }

        var read = new byte[wanted];
        var used = 0;
        foreach (var block in blocks)
        {
            var piece = block.Span[..Math.Min(block.Length, wanted - used)];
            piece.CopyTo(read.AsSpan(used));
            used += piece.Length;
            if (used == wanted)
            {
                break;
            }
        }

        return used == wanted ? read : throw new IOException($"Of {length} octets only {used} are there.");
    }
}
