namespace SmimeGateway.Protecting.Tnef.Bodies;

/// <summary>One of the forms in which a message has its text.</summary>
/// <param name="Kind">Which form it is.</param>
/// <param name="Said">What it says.</param>
/// <param name="Source">The plain text, or the HTML; of RTF the text in it.</param>
/// <param name="Rtf">The RTF.</param>
internal sealed record BodyForm(BodyKind Kind, SaidText Said, string Source, byte[]? Rtf = null);

/// <summary>The forms of a text.</summary>
internal enum BodyKind
{
    /// <summary>A text without looks.</summary>
    Plain,

    /// <summary>HTML.</summary>
    Html,

    /// <summary>RTF that is more than HTML or plain text in disguise.</summary>
    Rich,
}
