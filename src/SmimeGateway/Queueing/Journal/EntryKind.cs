namespace SmimeGateway.Queueing.Journal;

/// <summary>The first byte of an entry. Values are on disk: never reused, never renumbered.</summary>
internal enum EntryKind
{
    /// <summary>Zeros are no entry.</summary>
    None = 0,

    /// <summary><see cref="MessageEntry"/>.</summary>
    Message = 1,

    /// <summary><see cref="ProgressEntry"/>.</summary>
    Progress = 2,

    /// <summary><see cref="EndedEntry"/>.</summary>
    Ended = 3,
}
