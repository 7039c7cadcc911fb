using System.Buffers;
using System.Diagnostics;
using System.Text;
using SmimeGateway.Mime.Transfer;

namespace SmimeGateway.Mime.Structure;

/// <summary>Fills the one array that a composed message is.</summary>
internal ref struct MessageWriter(long length)
{
    private readonly byte[] _message = GC.AllocateUninitializedArray<byte>(checked((int)length));
    private int _position;

    /// <summary>The octets that the fields take, each ended by a line end.</summary>
    public static long LengthOf(IReadOnlyList<HeaderField> fields)
    {
        var length = 0L;
        foreach (var field in fields)
        {
            length += field.Raw.Length + (field.Raw.Span.EndsWith((byte)'\n') ? 0 : 2);
        }

        return length;
    }

    public void Write(IReadOnlyList<HeaderField> fields)
    {
        foreach (var field in fields)
        {
            Write(field.Raw.Span);
            if (!field.Raw.Span.EndsWith((byte)'\n'))
            {
                Write("\r\n"u8);
            }
        }
    }

    public void Write(ReadOnlySpan<byte> octets)
    {
        octets.CopyTo(_message.AsSpan(_position));
        _position += octets.Length;
    }

    public void Write(string ascii) => _position += Encoding.ASCII.GetBytes(ascii, _message.AsSpan(_position));

    public void Write(ReadOnlySequence<byte> octets)
    {
        octets.CopyTo(_message.AsSpan(_position));
        _position += (int)octets.Length;
    }

    public void WriteBase64(ReadOnlySpan<byte> octets, int lineLength) =>
        _position += Base64Body.WriteLines(octets, _message.AsSpan(_position), lineLength);

    public void WriteBase64(ReadOnlySequence<byte> octets, int lineLength) =>
        _position += Base64Body.WriteLines(octets, _message.AsSpan(_position), lineLength);

    /// <summary>The last octets of the message, to hold for a while what is encoded where it stands.</summary>
    public readonly Memory<byte> Tail(int octets) => _message.AsMemory(_message.Length - octets);

    /// <summary>Encodes what stands in the tail up to the end of the message, from here on.</summary>
    public void EncodeTail(int octets, int lineLength) =>
        _position += Base64Body.SpreadLines(_message.AsSpan(_position), octets, lineLength);

    /// <summary>The message.</summary>
    public readonly byte[] Finish()
    {
        Debug.Assert(_position == _message.Length, "The length was computed for what was written.");
        return _message;
    }
}
