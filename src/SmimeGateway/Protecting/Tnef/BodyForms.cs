using SmimeGateway.Protecting.Tnef.Bodies;
using SmimeGateway.Protecting.Tnef.Rtf;

namespace SmimeGateway.Protecting.Tnef;

/// <summary>Reads all forms in which an object has its text.</summary>
internal static class BodyForms
{
    // Each is compared with the others. Real objects have three.
    private const int MaxForms = TnefProperties.MaxValues;

    /// <summary>Gives a message the forms of its text that say something.</summary>
    /// <param name="message">The message, with its properties.</param>
    /// <param name="plains">The texts that are attributes of their own.</param>
    /// <param name="codepage">The code page of its texts.</param>
    /// <param name="left">The octets that may still be made of texts; what is made is taken from it.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="TnefFormException">One of them cannot be read, and is all there is.</exception>
    public static void Add(TnefMessage message, IReadOnlyList<string> plains, int codepage, ref long left, CancellationToken cancellationToken)
    {
        var properties = message.Properties;
        foreach (var plain in properties.All(TnefIds.Body).OfType<string>().Concat(plains))
        {
            Add(message, BodyKind.Plain, SaidText.OfPlain(plain), plain);
        }

        foreach (var value in properties.All(TnefIds.BodyHtml))
        {
            AddHtml(message, value as string ?? StrictText.Decode((byte[])value, properties.Number(TnefIds.InternetCodepage) ?? codepage), cancellationToken);
        }

        foreach (var rtf in properties.All(TnefIds.RtfCompressed).OfType<byte[]>().Where(rtf => rtf.Length > 0))
        {
            try
            {
                AddRtf(message, RtfDocument.Read(RtfPacking.Unpack(rtf, ref left, cancellationToken), ref left, cancellationToken), cancellationToken);
            }
            catch (TnefFormException) when (message.Forms.Count is > 0 and < MaxForms)
            {
                message.Remains ??= "a further form of its text, which cannot be read";
            }
        }
    }

    private static void AddHtml(TnefMessage message, string html, CancellationToken cancellationToken) =>
        Add(message, BodyKind.Html, HtmlReading.Read(html, cancellationToken), html);

    private static void AddRtf(TnefMessage message, RtfDocument rtf, CancellationToken cancellationToken)
    {
        switch (rtf.Form)
        {
            case RtfForm.Html:
                AddHtml(message, rtf.Text, cancellationToken);
                break;
            case RtfForm.Text when rtf.Said is { HasPictures: false, IsObscure: false, Asides: [] }:
                Add(message, BodyKind.Plain, rtf.Said, rtf.Text);
                break;
            default:
                Add(message, BodyKind.Rich, rtf.Said, rtf.Text, rtf.Octets);
                break;
        }

        message.Remains ??= rtf.IsWhole ? null : "a part of its RTF that is not understood";
    }

    private static void Add(TnefMessage message, BodyKind kind, SaidText said, string source, byte[]? rtf = null)
    {
        if (message.Forms.Count == MaxForms)
        {
            throw new TnefFormException($"its text is there in more than {MaxForms} forms");
        }

        if (!said.IsNothing)
        {
            message.Forms.Add(new BodyForm(kind, said, source, rtf));
        }
    }
}
