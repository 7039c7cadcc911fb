using SmimeGateway.Mime;
using SmimeGateway.Mime.Dkim;

namespace SmimeGateway.Protecting.Dkim;

/// <summary>The DKIM signatures that a message came with, and that are still in it after it was changed.</summary>
/// <param name="Broken">Those that verify no longer, or never did.</param>
/// <param name="Unjudged">How many there are of which nobody can say.</param>
internal sealed record ForeignSignatures(IReadOnlyList<DkimSignature> Broken, int Unjudged)
{
    // Each may ask for another hash of the whole body.
    private const int MaxJudged = 10;

    public static readonly ForeignSignatures None = new([], 0);

    /// <summary>True when the broken ones are taken out.</summary>
    public bool AreRemoved { get; init; }

    /// <summary>Judges them: a signature may survive a change, where it covers little.</summary>
    public static ForeignSignatures Judge(HeaderSection arrived, Entity leaving)
    {
        List<DkimSignature>? broken = null;
        var (judged, unjudged) = (0, 0);
        foreach (var field in leaving.Header.FindAll(DkimSignature.FieldName))
        {
            if (++judged > MaxJudged || !DkimSignature.TryRead(field, out var signature))
            {
                unjudged++;
            }
            else if (signature.IsBrokenBy(arrived, leaving))
            {
                (broken ??= []).Add(signature);
            }
        }

        return broken is null && unjudged == 0 ? None : new ForeignSignatures(broken ?? [], unjudged);
    }
}
