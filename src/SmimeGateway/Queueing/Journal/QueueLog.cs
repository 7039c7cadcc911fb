using Microsoft.Extensions.Logging;

namespace SmimeGateway.Queueing.Journal;

/// <summary>What the queue tells an administrator.</summary>
internal static partial class QueueLog
{
    [LoggerMessage(Level = LogLevel.Information,
        Message = "Queue {Folder} opened: {Messages} messages wait in {Segments} segments, {Damaged} damaged pieces set aside")]
    public static partial void Opened(ILogger logger, string folder, int messages, int segments, int damaged);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The queue folder {Folder} was open to others (mode {Mode}); now only its owner may enter it, as it holds mail")]
    public static partial void OthersShutOut(ILogger logger, string folder, string mode);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "The queue folder {Folder} holds mail, is open to others (mode {Mode}), and is not {Account}'s to close. Give it to that account, or set its mode to 0700")]
    public static partial void OpenToOthers(ILogger logger, string folder, string mode, string account);

    [LoggerMessage(Level = LogLevel.Error,
        Message = "Queue segment {Segment} is damaged at byte {Offset}, {Length} bytes ({Kind}); copied to {Copy}, everything else is delivered")]
    public static partial void Damaged(ILogger logger, string segment, long offset, int length, string kind, string copy);

    [LoggerMessage(Level = LogLevel.Error, Message = "Queue file {Name} set aside in the folder 'damaged': {Reason}")]
    public static partial void SetAside(ILogger logger, string name, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Queue file {Name} is damaged and could not be set aside; it stays where it is: {Reason}")]
    public static partial void NotSetAside(ILogger logger, string name, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Queue segment {Segment} was read but cannot be flushed; its last messages may be lost in a power cut: {Reason}")]
    public static partial void NotConfirmed(ILogger logger, string segment, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Queue message {Id} cannot be read and is not sent: {Reason}")]
    public static partial void MessageUnreadable(ILogger logger, QueueId id, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Queue segment {Number} is missing; messages in it are lost")]
    public static partial void SegmentMissing(ILogger logger, long number);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Queue segment {Segment}: one of the two copies of its header is damaged; the other is used")]
    public static partial void HeaderCopyDamaged(ILogger logger, string segment);

    [LoggerMessage(Level = LogLevel.Critical,
        Message = "Queue segment {Number} failed after byte {End}; nothing more is written to it and what was not confirmed is refused")]
    public static partial void SegmentFailed(ILogger logger, long number, long end, Exception trouble);

    [LoggerMessage(Level = LogLevel.Information, Message = "Queue segment {Number} opened and verified")]
    public static partial void SegmentOpened(ILogger logger, long number);

    [LoggerMessage(Level = LogLevel.Error, Message = "Queue segment {Number} could not be opened: {Reason}")]
    public static partial void SegmentNotOpened(ILogger logger, long number, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The queue takes no messages: there is no file of {Bytes} bytes for what comes: {Reason}. Make room, or mend the disk; mail is taken again by itself")]
    public static partial void NoSpace(ILogger logger, long bytes, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "The queue takes messages again")]
    public static partial void AcceptsAgain(ILogger logger);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Queue file {Name} could not be removed; it is tried again at the next start: {Reason}")]
    public static partial void NotRemoved(ILogger logger, string name, string reason);

    [LoggerMessage(Level = LogLevel.Critical, Message = "The writer of the queue ended; no message is accepted any more")]
    public static partial void WriterEnded(ILogger logger, Exception trouble);

    [LoggerMessage(Level = LogLevel.Error, Message = "{QueueId} met an unexpected error while its routes were looked for, and is looked at again in five minutes")]
    public static partial void NotSorted(ILogger log, QueueId queueId, Exception exception);
}
