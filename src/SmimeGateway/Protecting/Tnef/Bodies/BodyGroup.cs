namespace SmimeGateway.Protecting.Tnef.Bodies;

/// <summary>Forms of a text that say the same, so that each reader may see the one it can show best.</summary>
internal sealed class BodyGroup
{
    /// <summary>The plain text; null where there is none, or it is the one in front of the object.</summary>
    public string? Plain { get; private set; }

    /// <summary>Whether the text in front of the object says the same.</summary>
    public bool HasBefore { get; private set; }

    /// <summary>Whether the object says it, and not only the text in front of it.</summary>
    public bool IsOfObject { get; private set; }

    public BodyForm? Html { get; private init; }

    public BodyForm? Rich { get; private set; }

    /// <summary>What it says, for those who see no looks.</summary>
    public string Said => Plain ?? Html?.Said.Text ?? Rich?.Source ?? string.Empty;

    private bool HasPlain => Plain is not null || HasBefore;

    /// <summary>
    /// Puts together what says the same, and keeps apart what does not: each group is shown, and of each only what another form of it says
    /// as well is left out.
    /// </summary>
    /// <param name="forms">The forms of the text in an object.</param>
    /// <param name="before">The text in front of it; null where there is none.</param>
    /// <param name="files">The names of what is attached.</param>
    /// <returns>The groups in the order in which they are shown; the text in front of the object comes first.</returns>
    public static IReadOnlyList<BodyGroup> Of(IReadOnlyList<BodyForm> forms, string? before, IReadOnlySet<string> files)
    {
        var groups = new List<BodyGroup>();
        foreach (var html in forms.Where(form => form.Kind == BodyKind.Html))
        {
            if (!groups.Exists(group => group.Html!.Source == html.Source
                || (group.Html.Said.IsSame(html.Said) && html.Said.HasAsidesWithin(group.Html.Said))))
            {
                groups.Add(new BodyGroup { Html = html, IsOfObject = true });
            }
        }

        foreach (var rich in forms.Where(form => form.Kind == BodyKind.Rich))
        {
            AddRich(groups, rich);
        }

        if (before is not null)
        {
            (groups.Find(group => group.IsSaidBy(before, files)) ?? Add(groups, at: 0)).TakeBefore(before);
        }

        foreach (var plain in forms.Where(form => form.Kind == BodyKind.Plain))
        {
            var told = groups.Find(group => group.IsSaidBy(plain.Source, files)) ?? Add(groups, groups.Count);
            told.Plain ??= told.HasBefore ? null : plain.Source;
            told.IsOfObject = true;
        }

        foreach (var group in groups.Where(group => group is { Rich: not null, HasPlain: false }))
        {
            group.Plain = group.Rich!.Source;
        }

        return [.. groups.OrderByDescending(group => group.HasBefore)];
    }

    private static BodyGroup Add(List<BodyGroup> groups, int at)
    {
        groups.Insert(at, new BodyGroup());
        return groups[at];
    }

    // Its looks are a form of their own where no HTML has them.
    private static void AddRich(List<BodyGroup> groups, BodyForm rich)
    {
        if (groups.Exists(group => group.Rich?.Rtf.AsSpan().SequenceEqual(rich.Rtf) == true))
        {
            return;
        }

        if (groups.Find(group => group.Html is { } html && group.Rich is null && html.Said.IsSame(rich.Said)) is not { } same)
        {
            groups.Add(new BodyGroup { Rich = rich, IsOfObject = true });
        }
        else if (rich.Said.HasPictures || !rich.Said.HasAsidesWithin(same.Html!.Said))
        {
            same.Rich = rich;
        }
    }

    private bool IsSaidBy(string plain, IReadOnlySet<string> files) =>
        (Html ?? Rich) is { } looks ? looks.Said.IsWrittenAs(plain, files) : SaidText.OfPlain(Said).IsSame(SaidText.OfPlain(plain));

    private void TakeBefore(string before) => (HasBefore, Plain) = (true, Html is null && Rich is null ? before : null);
}
