using System.Text;
using SmimeGateway.Mime.Structure;
using SmimeGateway.Mime.Transfer;

namespace SmimeGateway.Mime.Composing;

/// <summary>What a message is put together from, in its order: nothing is copied or encoded before its whole length is known.</summary>
internal sealed class PartPieces
{
    private readonly List<(ReadOnlyMemory<byte> Octets, bool IsEncoded)> _pieces = [];
    private long _length;

    public void Add(ReadOnlyMemory<byte> octets)
    {
        _pieces.Add((octets, false));
        _length += octets.Length;
    }

    public void Add(string ascii) => Add(Encoding.ASCII.GetBytes(ascii));

    public void AddLineEnd() => Add("\r\n");

    public void AddBase64(ReadOnlyMemory<byte> octets)
    {
        _pieces.Add((octets, true));
        _length += Base64Body.EncodedLength(octets.Length, Base64Body.MaxLineLength);
    }

    public byte[] ToArray()
    {
        var writer = new MessageWriter(_length);
        foreach (var (octets, isEncoded) in _pieces)
        {
            if (isEncoded)
            {
                writer.WriteBase64(octets.Span, Base64Body.MaxLineLength);
            }
            else
            {
                writer.Write(octets.Span);
            }
        }

        return writer.Finish();
    }
}
