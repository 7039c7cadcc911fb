using System.Text;

namespace SmimeGateway.Host.Telemetry;

/// <summary>
/// Standard output and error of the process: whatever is written there, by a command, by the log or by a library about the arguments, is
/// plain text in lines.
/// </summary>
/// <param name="inner">Where it goes.</param>
internal sealed class PlainWriter(TextWriter inner) : TextWriter
{
    // The first half of a character that was written by halves.
    private char? _half;

    /// <inheritdoc/>
    public override Encoding Encoding => inner.Encoding;

    /// <summary>Lets all that the process writes to the console pass through one.</summary>
    public static void Install()
    {
#pragma warning disable CA2000 // They are the console's, as long as the process lives.
        Console.SetOut(new PlainWriter(Console.Out));
        Console.SetError(new PlainWriter(Console.Error));
#pragma warning restore CA2000
    }

    /// <inheritdoc/>
    public override void Write(char value) => Write([value]);

    /// <inheritdoc/>
    public override void Write(string? value) => Write(value.AsSpan());

    /// <inheritdoc/>
    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<char> buffer)
    {
        if (buffer.IsEmpty)
        {
            return;
        }

        var text = _half is { } half ? [half, .. buffer] : buffer;
        _half = char.IsHighSurrogate(text[^1]) ? text[^1] : null;
        Pass(_half is null ? text : text[..^1]);
    }

    /// <inheritdoc/>
    public override void Flush()
    {
        Pass(_half is { } half ? [half] : []);
        _half = null;
        inner.Flush();
    }

    private void Pass(ReadOnlySpan<char> text)
    {
        if (PlainText.HasOddities(text))
        {
            // A tab at this door is a library's indent: foreign text was made plain where it came from.
            inner.Write(PlainText.OfLines(text.ToString().Replace("\t", "    ", StringComparison.Ordinal)));
        }
        else
        {
            inner.Write(text);
        }
    }
}
