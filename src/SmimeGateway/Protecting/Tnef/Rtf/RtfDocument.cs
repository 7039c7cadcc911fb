namespace SmimeGateway.Protecting.Tnef.Rtf;

/// <summary>What a text in RTF is.</summary>
/// <param name="Form">Whether it is HTML or plain text in disguise.</param>
/// <param name="Text">The HTML, or the text without its looks.</param>
/// <param name="Octets">The RTF itself.</param>
internal sealed record RtfDocument(RtfForm Form, string Text, byte[] Octets)
{
    /// <summary>Reads a text.</summary>
    /// <param name="rtf">The text, unpacked.</param>
    /// <param name="budget">The octets that may still be made of it; what is made is taken from it.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="TnefFormException">It is too deep or becomes too long.</exception>
    public static RtfDocument Read(byte[] rtf, ref long budget, CancellationToken cancellationToken)
    {
        var reading = new RtfReading(budget, cancellationToken);
        var text = reading.Read(rtf);
        budget = reading.Left;
        return new RtfDocument(reading.Form, text, rtf);
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
