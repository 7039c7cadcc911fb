namespace SmimeGateway.Mime.Fields;

/// <summary>Where a line may be folded that is too long.</summary>
internal enum FoldPlaces
{
    /// <summary>Only at its blanks: of a text, one more would be seen.</summary>
    Blanks,

    /// <summary>Behind separators, too, where a blank means nothing; not inside an address, which would become another one.</summary>
    Separators,

    /// <summary>Behind the closing bracket of an identifier, too, but never inside one, which would become another one.</summary>
    BehindIds,

    /// <summary>Anywhere, where there is no better place.</summary>
    Anywhere,
}
