using SmimeGateway.TestSupport;

namespace SmimeGateway.Cms.Tests.Interop;

/// <summary>Software of others that reads signatures.</summary>
public interface IJudge : IAsyncDisposable
{
    /// <summary>The name it has in the table of who reads what.</summary>
    string Name { get; }

    /// <summary>The version that gave its verdicts.</summary>
    Task<string> FindVersionAsync();

    /// <summary>Reads a CMS object; the content is null if it is inside.</summary>
    Task<Judgement> JudgeAsync(byte[] cms, byte[]? detachedContent);
}
