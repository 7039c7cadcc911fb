using SmimeGateway.Protecting.Tnef.Bodies;

namespace SmimeGateway.Protecting.Tnef.Rtf;

/// <summary>What a text in RTF is.</summary>
/// <param name="Form">Whether it is HTML or plain text in disguise.</param>
/// <param name="Said">The HTML, or the text without its looks.</param>
/// <param name="IsWhole">Whether that is all of its text, and nothing was left out that is not understood here.</param>
/// <param name="Octets">The RTF itself.</param>
internal sealed record RtfDocument(RtfForm Form, SaidText Said, bool IsWhole, byte[] Octets)
{
    public string Text => Said.Text;

    /// <summary>Reads a text.</summary>
    /// <param name="rtf">The text, unpacked.</param>
    /// <param name="budget">The octets that may still be made of it; what is made is taken from it.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="TnefFormException">It is too deep, becomes too long, or is no text.</exception>
    public static RtfDocument Read(byte[] rtf, ref long budget, CancellationToken cancellationToken)
    {
        var reading = new RtfReading(budget, cancellationToken);
        var said = reading.Read(rtf);
        budget = reading.Left;
        return new RtfDocument(reading.Form, said, reading.IsWhole, rtf);
    }
}

/// <summary>What may be in RTF (MS-OXRTFEX section 2.1.1).</summary>
internal enum RtfForm
{
    /// <summary>A text with looks.</summary>
    Rich,

    /// <summary>HTML with instructions for those who show RTF: \fromhtml1.</summary>
    Html,

    /// <summary>A text without looks: \fromtext.</summary>
    Text,
}
