using SmimeGateway.TestSupport;

namespace SmimeGateway.Mime.Tests.Corpus;

/// <summary>A test over third-party material; skipped, with a line that says so, where the material is absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class CorpusFactAttribute : FactAttribute
{
    public CorpusFactAttribute(string folder)
    {
        Folder = folder;
        if (Corpora.Folder(folder) is null)
        {
            Skip = $"../shared/corpora/{folder} is absent.";
        }
    }

    public string Folder { get; }
}
