using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace SmimeGateway.Mime;

/// <summary>The fields of a message or part, in their order (RFC 5322 section 2.1).</summary>
[SuppressMessage("Naming", "CA1710", Justification = "The RFC calls it a header section.")]
public sealed class HeaderSection : IReadOnlyList<HeaderField>
{
    private readonly HeaderField[] _fields;

    internal HeaderSection(ReadOnlyMemory<byte> raw, HeaderField[] fields)
    {
        Raw = raw;
        _fields = fields;
    }

    /// <summary>All fields as they came, without the empty line after them.</summary>
    public ReadOnlyMemory<byte> Raw { get; }

    /// <inheritdoc/>
    public int Count => _fields.Length;

    /// <inheritdoc/>
    public HeaderField this[int index] => _fields[index];

    /// <summary>The first field of that name, ignoring case, or null.</summary>
    public HeaderField? Find(string name)
    {
        foreach (var field in _fields)
        {
            if (field.Is(name))
            {
                return field;
            }
        }

        return null;
    }

    /// <summary>All fields of that name, ignoring case, in their order.</summary>
    public IEnumerable<HeaderField> FindAll(string name)
    {
        foreach (var field in _fields)
        {
            if (field.Is(name))
            {
                yield return field;
            }
        }
    }

    /// <inheritdoc/>
    public IEnumerator<HeaderField> GetEnumerator() => ((IEnumerable<HeaderField>)_fields).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _fields.GetEnumerator();
}
