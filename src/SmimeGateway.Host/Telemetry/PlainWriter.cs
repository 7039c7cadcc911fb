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
    public override void Write(char value)
    {
        if (_half is null && char.IsHighSurrogate(value))
        {
            _half = value;
            return;
        }

        ReadOnlySpan<char> text = _half is { } half ? [half, value] : [value];
        _half = null;
        Write(text);
    }

    /// <inheritdoc/>
    public override void Write(string? value) => Write(value.AsSpan());

    /// <inheritdoc/>
    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<char> buffer)
    {
        if (PlainText.HasOddities(buffer))
        {
            inner.Write(PlainText.OfLines(buffer.ToString()));
        }
        else
        {
            inner.Write(buffer);
        }
    }

    /// <inheritdoc/>
    public override void Flush() => inner.Flush();
}
