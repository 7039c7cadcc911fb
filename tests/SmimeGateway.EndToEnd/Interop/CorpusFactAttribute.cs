using SmimeGateway.TestSupport;

namespace SmimeGateway.EndToEnd.Interop;

/// <summary>A fact about third-party messages; skipped, with the reason, where they do not lie beside the checkout.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class CorpusFactAttribute : FactAttribute
{
    public CorpusFactAttribute(string corpus)
    {
        Skip = Corpora.Folder(corpus) is null ? $"../shared/corpora/{corpus} is not there" : null;
        Corpus = corpus;
    }

    /// <summary>The folder it needs.</summary>
    public string Corpus { get; }
}
