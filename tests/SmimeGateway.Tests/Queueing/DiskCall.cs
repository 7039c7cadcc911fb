namespace SmimeGateway.Tests.Queueing;

/// <summary>What a file is about to do.</summary>
internal enum DiskCall
{
    Write,
    Flush,
    Read,
}
