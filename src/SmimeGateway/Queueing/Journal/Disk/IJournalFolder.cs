namespace SmimeGateway.Queueing.Journal.Disk;

/// <summary>The folder of the queue. Every member throws <see cref="IOException"/> when the disk refuses.</summary>
internal interface IJournalFolder
{
    /// <summary>The names of all files directly in it.</summary>
    IReadOnlyList<string> List();

    /// <summary>Makes a file that does not exist yet, with zeros of the given length that really occupy the disk.</summary>
    IJournalFile Create(string name, long length);

    /// <summary>Opens an existing file for reading and writing.</summary>
    IJournalFile Open(string name);

    /// <summary>Removes a file; none of that name is no error.</summary>
    void Delete(string name);

    /// <summary>Gives a file another name; a file that had it is replaced.</summary>
    void Rename(string name, string newName);

    /// <summary>True when a file of this name exists.</summary>
    bool Exists(string name);

    /// <summary>Returns once names made, changed and removed before are on stable storage.</summary>
    void FlushNames();

    /// <summary>The file system's free and total bytes.</summary>
    (long Free, long Total) MeasureSpace();
}
