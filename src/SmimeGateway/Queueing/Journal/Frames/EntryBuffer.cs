using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using SmimeGateway.Smtp;

namespace SmimeGateway.Queueing.Journal.Frames;

/// <summary>Where the entries of a frame are written, one value behind the other, after room for the header of the frame.</summary>
internal struct EntryBuffer()
{
    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(512);

    /// <summary>How much of it is written, the header included.</summary>
    public int End { get; private set; } = FrameHeader.Size;

    /// <summary>The entries.</summary>
    public readonly ReadOnlySpan<byte> Entries => _bytes.AsSpan(FrameHeader.Size..End);

    /// <summary>Header and entries.</summary>
    public readonly Memory<byte> Bytes => _bytes.AsMemory(0, End);

    /// <summary>Writes a byte.</summary>
    public void Put(byte value)
    {
        Reserve(sizeof(byte));
        _bytes[End++] = value;
    }

    /// <summary>Writes 16 bits.</summary>
    public void Put(ushort value)
    {
        Reserve(sizeof(ushort));
        BinaryPrimitives.WriteUInt16LittleEndian(_bytes.AsSpan(End), value);
        End += sizeof(ushort);
    }

    /// <summary>Writes 32 bits.</summary>
    public void Put(int value)
    {
        Reserve(sizeof(int));
        BinaryPrimitives.WriteInt32LittleEndian(_bytes.AsSpan(End), value);
        End += sizeof(int);
    }

    /// <summary>Writes 64 bits.</summary>
    public void Put(long value)
    {
        Reserve(sizeof(long));
        BinaryPrimitives.WriteInt64LittleEndian(_bytes.AsSpan(End), value);
        End += sizeof(long);
    }

    /// <summary>Writes a path.</summary>
    public void Put(MailPath path) => Put(path.Address);

    /// <summary>Writes a text with its length before it; none is written as an empty one.</summary>
    public void Put(string? text)
    {
        text ??= string.Empty;
        Reserve(sizeof(ushort) + Encoding.UTF8.GetMaxByteCount(text.Length));
        var length = Encoding.UTF8.GetBytes(text, _bytes.AsSpan(End + sizeof(ushort)));
        BinaryPrimitives.WriteUInt16LittleEndian(_bytes.AsSpan(End), checked((ushort)length));
        End += sizeof(ushort) + length;
    }

    /// <summary>Gives the bytes back. Nothing is written afterwards.</summary>
    public void Release()
    {
        if (_bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = [];
            End = 0;
        }
    }

    private void Reserve(int count)
    {
        if (_bytes.Length - End >= count)
        {
            return;
        }

        var wider = ArrayPool<byte>.Shared.Rent(Math.Max(_bytes.Length * 2, End + count));
        _bytes.AsSpan(0, End).CopyTo(wider);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = wider;
    }
}
