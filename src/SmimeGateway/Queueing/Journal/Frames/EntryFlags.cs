
namespace SmimeGateway.Queueing.Journal.Frames;

/// <summary>Flags of a message entry, as they are on disk.</summary>
[Flags]
internal enum EntryFlags : byte
{
    /// <summary>None of them.</summary>
    None = 0,

    /// <summary>BODY=8BITMIME.</summary>
    EightBit = 1,

    /// <summary>SMTPUTF8.</summary>
    SmtpUtf8 = 2,

    /// <summary>The content is in a file of its own.</summary>
    OwnFile = 4,

    /// <summary>An administrator holds the message.</summary>
    Held = 8,
}
