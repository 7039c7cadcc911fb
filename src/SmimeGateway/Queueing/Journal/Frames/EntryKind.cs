namespace SmimeGateway.Queueing.Journal.Frames;

/// <summary>The first byte of an entry. Values are on disk: never reused, never renumbered.</summary>
internal enum EntryKind
{
    /// <summary>Zeros are no entry.</summary>
    None = 0,

    /// <summary><see cref="MessageEntry"/> as format 1 had it; only read.</summary>
    MessageOfFormat1 = 1,

    /// <summary><see cref="ProgressEntry"/> as format 1 had it; only read.</summary>
    ProgressOfFormat1 = 2,

    /// <summary><see cref="EndedEntry"/>.</summary>
    Ended = 3,

    /// <summary><see cref="MessageEntry"/>.</summary>
    Message = 4,

    /// <summary><see cref="ProgressEntry"/>.</summary>
    Progress = 5,

    /// <summary><see cref="HoldEntry"/>.</summary>
    Hold = 6,
}
