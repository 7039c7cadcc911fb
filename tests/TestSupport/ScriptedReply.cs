using System.Text;

namespace SmimeGateway.TestSupport;

/// <summary>What a <see cref="ScriptedNextHop"/> does at one point of the dialog.</summary>
public sealed class ScriptedReply
{
    private ScriptedReply(ReadOnlyMemory<byte> bytes, bool drops, bool hangs)
    {
        Bytes = bytes;
        Drops = drops;
        Hangs = hangs;
    }

    /// <summary>What is sent.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>The connection is closed afterwards.</summary>
    public bool Drops { get; }

    /// <summary>Nothing more happens on this connection.</summary>
    public bool Hangs { get; }

    /// <summary>Closes the connection without a word.</summary>
    public static ScriptedReply Drop { get; } = new(default, drops: true, hangs: false);

    /// <summary>Says nothing more, and keeps the connection open.</summary>
    public static ScriptedReply Hang { get; } = new(default, drops: false, hangs: true);

    /// <summary>Sends the lines, CR LF added to each.</summary>
    public static ScriptedReply Say(params string[] lines) =>
        new(Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\r\n"))), drops: false, hangs: false);

    /// <summary>Sends exactly these bytes.</summary>
    public static ScriptedReply Send(ReadOnlyMemory<byte> bytes) => new(bytes, drops: false, hangs: false);

    /// <summary>Sends exactly these bytes and closes the connection.</summary>
    public static ScriptedReply SendAndDrop(ReadOnlyMemory<byte> bytes) => new(bytes, drops: true, hangs: false);

    /// <summary>Sends the lines and closes the connection.</summary>
    public static ScriptedReply SayAndDrop(params string[] lines) => new(Say(lines).Bytes, drops: true, hangs: false);

    /// <summary>Sends the lines, then says and reads nothing more.</summary>
    public static ScriptedReply SayAndHang(params string[] lines) => new(Say(lines).Bytes, drops: false, hangs: true);
}
