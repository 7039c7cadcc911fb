using System.Buffers;
using System.Text;
using Utf8Encoding = System.Text.Unicode.Utf8;

namespace SmimeGateway.Host.Configuration.Reading;

/// <summary>The bytes of a configuration file, without a byte order mark, and where its lines begin.</summary>
internal sealed class SourceText
{
    private readonly byte[] _bytes;
    private readonly List<int> _lineStarts = [0];

    /// <summary>Takes the bytes as read from the file.</summary>
    public SourceText(byte[] bytes)
    {
        _bytes = bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? bytes[Encoding.UTF8.Preamble.Length..] : bytes;
        for (var i = 0; i < _bytes.Length; i++)
        {
            if (_bytes[i] == (byte)'\n')
            {
                _lineStarts.Add(i + 1);
            }
        }
    }

    /// <summary>The text as UTF-8.</summary>
    public ReadOnlySpan<byte> Utf8 => _bytes;

    /// <summary>Where the bytes stop being UTF-8, or null when all of them are.</summary>
    public int? FindInvalid()
    {
        if (Utf8Encoding.IsValid(_bytes))
        {
            return null;
        }

        var at = 0;
        while (Rune.DecodeFromUtf8(_bytes.AsSpan(at), out _, out var consumed) == OperationStatus.Done)
        {
            at += consumed;
        }

        return at;
    }

    /// <summary>The byte at which a line, counted from zero, begins; the end of the text for lines it does not have.</summary>
    public int StartOfLine(long line) => line < _lineStarts.Count ? _lineStarts[(int)line] : _bytes.Length;

    /// <summary>Line and column, both from one; the column counts characters, as editors do.</summary>
    public (int Line, int Column) Locate(int offset)
    {
        offset = Math.Clamp(offset, 0, _bytes.Length);
        var found = _lineStarts.BinarySearch(offset);
        var line = found >= 0 ? found : ~found - 1;
        return (line + 1, Encoding.UTF8.GetCharCount(_bytes, _lineStarts[line], offset - _lineStarts[line]) + 1);
    }
}
